package dev.gatewright.relay;

import io.netty.channel.EventLoop;

/// One upstream's connections: pooled per event loop, checked when dialled, bounded in number.
/// Thread-safe; each call stays on the loop it was started on.
public interface Upstream extends AutoCloseable {
  Origin origin();

  /// Starts a call. `listener` may be called before this returns. Ownership of the request's body
  /// passes in any case.
  UpstreamCall call(EventLoop loop, UpstreamRequest request, UpstreamListener listener);

  /// Starts a call that asks for a WebSocket, on a connection of its own that never returns to the
  /// pool but counts toward its bound. When the upstream switches, `listener` hears
  /// [UpstreamListener#upgraded] instead of a head; any other answer comes as to an ordinary call.
  ///
  /// @param request a GET without a body; `connection` and `upgrade` are the relay's to add
  UpstreamCall upgrade(EventLoop loop, UpstreamRequest request, UpstreamListener listener);

  /// Retires it: idle connections are closed now, those in use when their calls end. A call that
  /// still comes, from someone who looked it up just before, is served on a connection of its own.
  @Override
  void close();
}
