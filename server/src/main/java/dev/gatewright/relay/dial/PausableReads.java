package dev.gatewright.relay.dial;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/// Sizes the reads of one connection, and stops them while it is paused. `autoRead` alone does not:
/// once the peer has closed its half, Netty's epoll transport reads all the kernel holds, megabytes
/// a connection, whoever is slow to take it. Confined to the connection's loop.
public final class PausableReads implements RecvByteBufAllocator {
  /// One read of a socket brings at most this, so that what is on its way to a caller stays small.
  private static final int READ_BYTES_MAX = 64 * 1024;

  private static final int READ_BYTES_FIRST = 4 * 1024;
  private static final int READ_BYTES_MIN = 1024;
  private static final RecvByteBufAllocator SIZES =
      new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_FIRST, READ_BYTES_MAX);

  private boolean paused;
  private boolean stopped;
  private boolean registering;

  public void pause(boolean pause, Channel channel) {
    paused = pause;
    if (registering) {
      return;
    }
    if (stopped && !pause) {
      registerAgain(channel);
    } else {
      channel.config().setAutoRead(!pause);
    }
  }

  /// A channel whose peer has closed its half and whose reading was stopped waits for nothing any
  /// more, and Netty 4.2.18 then forgets that the kernel no longer watches it: the next read would
  /// fail. A new registration begins from a known state.
  private void registerAgain(Channel channel) {
    EventLoop loop = channel.eventLoop();
    registering = true;
    channel
        .deregister()
        .addListener(_ ->
            loop.register(channel)
                .addListener(_ -> {
                  registering = false;
                  stopped = false;
                  channel.config().setAutoRead(!paused);
                }));
  }

  @Override
  public ExtendedHandle newHandle() {
    return new PausableHandle((ExtendedHandle) SIZES.newHandle());
  }

  private final class PausableHandle extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle sizes;

    PausableHandle(ExtendedHandle sizes) {
      super(sizes);
      this.sizes = sizes;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      if (paused) {
        stopped = true;
        throw new Paused();
      }
      return sizes.allocate(allocator);
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return sizes.continueReading(maybeMore);
    }
  }

  /// The only way to end a read loop from within; it arrives at the pipeline's end as an exception
  /// that means nothing.
  public static final class Paused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Paused() {
      super("reading is paused", null, false, false);
    }
  }
}
