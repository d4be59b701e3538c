package dev.gatewright.relay.dial;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;

/// Finds the addresses of a name. A seam, so that a test can let a name change its mind.
@FunctionalInterface
public interface NameResolver extends AutoCloseable {
  /// All addresses of `name`, in the order to try them; completes on `loop`.
  Future<List<InetAddress>> resolve(EventLoop loop, String name);

  @Override
  default void close() {}
}
