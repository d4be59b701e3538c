package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;

/// A call under way. Confined to the event loop it was started on.
public interface UpstreamCall {
  /// Ends it now, in whatever phase: the connection is closed, never pooled; no further callback
  /// comes.
  void cancel();

  /// Stops and restarts reading of the answer, for a caller that takes it more slowly than it
  /// comes.
  void pauseReading();

  void resumeReading();

  /// A part of a streamed request body, or after an upgrade bytes as they are; ownership passes to
  /// the relay.
  void write(ByteBuf part);

  /// The request's body is complete; after an upgrade, the connection closes once the upstream has
  /// taken all that was written.
  void endBody();

  boolean isWritable();

  /// True once the upstream has all of the request, as far as can be known here; also of one that
  /// is reached without a wire.
  default boolean isSent() {
    return true;
  }

  /// True when this call runs on a connection that has carried an earlier one.
  boolean reused();
}
