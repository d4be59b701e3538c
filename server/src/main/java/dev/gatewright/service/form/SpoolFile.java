package dev.gatewright.service.form;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One upload on disk. Called on an event loop, works on the spool's thread, answers on the event
/// loop. What is asked for is done in its order.
final class SpoolFile {
  private static final int READ_BYTES = 64 * 1024;

  private final BodySpool spool;
  private final Executor thread;
  private final Executor loop;

  /// The spool thread's alone.
  private @Nullable FileChannel channel;

  private boolean closed;
  private long position;

  /// The event loop's alone.
  private long length;

  private boolean released;

  /// @param loop the exchange's event loop
  SpoolFile(BodySpool spool, Executor loop) {
    this.spool = spool;
    this.thread = spool.thread();
    this.loop = loop;
  }

  long length() {
    return length;
  }

  /// Takes over `part`.
  ///
  /// @param then hears on the loop that it is written, or why not
  /// @return false when all uploads together would need more disk than they may; `part` is released
  boolean append(ByteBuf part, Consumer<@Nullable Throwable> then) {
    int more = part.readableBytes();
    if (released || !spool.tryAcquire(more)) {
      part.release();
      return false;
    }
    length += more;
    work(
        () -> {
          try {
            write(part);
            return null;
          } finally {
            part.release();
          }
        },
        part::release,
        then);
    return true;
  }

  private void write(ByteBuf part) throws IOException {
    if (closed) {
      return;
    }
    FileChannel to = channel;
    if (to == null) {
      to = spool.open();
      channel = to;
    }
    while (part.isReadable()) {
      position += part.readBytes(to, position, part.readableBytes());
    }
  }

  /// Reads on from `from`; `then` hears on the loop of a buffer that is its own, empty at the end.
  void read(long from, Consumer<ByteBuf> then, Consumer<Throwable> failed) {
    int wanted = (int) Math.min(READ_BYTES, length - from);
    try {
      thread.execute(() -> {
        ByteBuf part = Unpooled.EMPTY_BUFFER;
        try {
          part = ByteBufAllocator.DEFAULT.buffer(Math.max(1, wanted));
          FileChannel at = channel;
          while (at != null && part.readableBytes() < wanted) {
            if (part.writeBytes(at, from + part.readableBytes(), wanted - part.readableBytes())
                < 0) {
              throw new IOException("the spooled upload is shorter than it was");
            }
          }
          ByteBuf read = part;
          loop.execute(() -> then.accept(read));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          // Out of direct memory is a caller's trouble, not the end of the thread: the call hears.
          part.release();
          loop.execute(() -> failed.accept(e));
        }
      });
    } catch (RejectedExecutionException e) {
      failed.accept(e);
    }
  }

  /// Deletes the file; further calls do nothing.
  void delete() {
    if (released) {
      return;
    }
    released = true;
    spool.release(length);
    work(
        () -> {
          closed = true;
          if (channel != null) {
            channel.close();
            channel = null;
          }
          return null;
        },
        () -> {},
        _ -> {});
  }

  private interface Work {
    @Nullable Void run() throws IOException;
  }

  private void work(Work work, Runnable refused, Consumer<@Nullable Throwable> then) {
    try {
      thread.execute(() -> {
        Throwable cause = null;
        try {
          work.run();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          cause = e;
        }
        Throwable why = cause;
        loop.execute(() -> then.accept(why));
      });
    } catch (RejectedExecutionException e) {
      refused.run();
      then.accept(e);
    }
  }
}
