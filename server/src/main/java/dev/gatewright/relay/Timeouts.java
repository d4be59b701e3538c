package dev.gatewright.relay;

import java.time.Duration;

/// Deadlines of an upstream call, one a phase.
///
/// @param connect name resolution, TCP and TLS handshake
/// @param firstByte from the request completely written to the answer's status line
/// @param idle between two reads of the answer's body, and between two writes of the request's
public record Timeouts(Duration connect, Duration firstByte, Duration idle) {
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(300), Duration.ofSeconds(120));
}
