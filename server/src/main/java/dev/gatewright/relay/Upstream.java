package dev.gatewright.relay;

import io.netty.channel.EventLoop;

/// One upstream's connections: pooled per event loop, checked when dialled, bounded in number.
/// Thread-safe; each call stays on the loop it was started on.
public interface Upstream {
  Origin origin();

  /// Starts a call. `listener` may be called before this returns. Ownership of the request's body
  /// passes in any case.
  UpstreamCall call(EventLoop loop, UpstreamRequest request, UpstreamListener listener);
}
