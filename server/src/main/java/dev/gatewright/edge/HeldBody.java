package dev.gatewright.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// A request's body, held whole within the common budget of [HeldBodies]. A body that comes in one
/// part is kept as it is; else it is gathered in one buffer, and what that buffer can hold counts.
/// Confined to the exchange's event loop.
public final class HeldBody implements BodyReceiver {
  private static final int FIRST_BYTES = 16 * 1024;

  /// Hears the outcome, exactly once.
  public interface Receiver {
    /// The body is complete; it stays the property of `held` until [HeldBody#release()].
    void received(HeldBody held);

    void refused(Refusal refusal);
  }

  private final HeldBodies budget;
  private final long announced;
  private final Receiver receiver;
  private @Nullable ByteBuf body;
  private long acquired;
  private boolean over;

  /// @param announced bytes the head announced; -1 = unknown
  public HeldBody(HeldBodies budget, long announced, Receiver receiver) {
    this.budget = budget;
    this.announced = announced;
    this.receiver = receiver;
  }

  /// The whole body; valid until [#release()]. Not handed over.
  public ByteBuf bytes() {
    return body == null ? Unpooled.EMPTY_BUFFER : body;
  }

  @Override
  public void data(ByteBuf part) {
    if (over) {
      part.release();
      return;
    }
    int bytes = part.readableBytes();
    if (body == null && bytes == announced && acquire(bytes)) {
      body = part;
      return;
    }
    if (!over && room(bytes)) {
      bytes().writeBytes(part);
    }
    part.release();
  }

  @Override
  public void end() {
    if (!over) {
      over = true;
      receiver.received(this);
    }
  }

  @Override
  public void refused(Refusal refusal) {
    if (!over) {
      over = true;
      release();
      receiver.refused(refusal);
    }
  }

  /// The caller has left: nobody hears of the body any more.
  public void abandon() {
    over = true;
    release();
  }

  /// Gives back the bytes and their share of the budget; further calls do nothing.
  public void release() {
    if (body != null) {
      body.release();
      body = null;
    }
    budget.release(acquired);
    acquired = 0;
  }

  private boolean room(int bytes) {
    ByteBuf before = body;
    int used = before == null ? 0 : before.readableBytes();
    if (before != null && before.writableBytes() >= bytes) {
      return true;
    }
    long wanted = Math.max((long) used + bytes, Math.max(FIRST_BYTES, 2L * used));
    int capacity =
        (int) (announced > 0 ? Math.max(used + bytes, Math.min(wanted, announced)) : wanted);
    // Only the growth is asked for: the smaller buffer lives no longer than the copy, and a loop
    // makes one copy at a time.
    if (!acquire(capacity - acquired)) {
      return false;
    }
    try {
      ByteBuf larger = ByteBufAllocator.DEFAULT.buffer(capacity, capacity);
      if (before != null) {
        larger.writeBytes(before);
        before.release();
      }
      body = larger;
      return true;
    } catch (OutOfMemoryError e) {
      // The budget allows more than this process was given: direct memory has a cap of its own.
      refused(HeldBodies.refusal());
      return false;
    }
  }

  private boolean acquire(long bytes) {
    if (!budget.tryAcquire(bytes)) {
      refused(HeldBodies.refusal());
      return false;
    }
    acquired += bytes;
    return true;
  }
}
