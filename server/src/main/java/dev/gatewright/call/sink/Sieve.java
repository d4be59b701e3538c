package dev.gatewright.call.sink;

import io.netty.buffer.ByteBuf;

/// Takes something out of an answer on its way to the caller. It shows its tap what it takes.
/// Confined to the call's event loop.
public interface Sieve {
  /// Takes over the next bytes.
  void take(ByteBuf part);

  /// The answer is complete as its framing has it.
  void finish();

  /// What was let through so far ends with a whole event.
  boolean between();

  /// Forgets what is held.
  void release();
}
