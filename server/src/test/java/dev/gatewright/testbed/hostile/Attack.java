package dev.gatewright.testbed.hostile;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends one hostile body and looks at the answer, by one protocol.
interface Attack {
  /// Of an answer's start, how much is kept to be shown.
  int KEPT_BYTES_MAX = 512;

  int TRICKLE_MILLIS = 100;

  /// What came back.
  ///
  /// @param status 0 = nothing
  /// @param bytes of the body
  /// @param start of the answer, to be shown
  record Seen(int status, long bytes, String start) {}

  /// To its end.
  Seen run(Case attack, byte[] body) throws IOException, InterruptedException;

  /// Slowly, and for as long as `going` says so; whatever was answered by then.
  Seen hold(Case attack, byte[] body, AtomicBoolean going) throws IOException, InterruptedException;
}
