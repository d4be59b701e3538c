package dev.gatewright.edge;

import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares.Taken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// A request's body, held whole within the common budget of [HeldBodies]. A body that comes in one
/// part is kept as it is where it fills its buffer; else it is gathered in one buffer. What a
/// buffer can hold counts, not what is in it: one byte of a body may keep 64 KiB in memory.
/// Confined to the exchange's event loop.
public final class HeldBody implements BodyReceiver {
  private static final int FIRST_BYTES = 16 * 1024;
  private static final long BUFFER_BYTES_MAX = Integer.MAX_VALUE - 64;

  /// A buffer this small is kept however little of it is the body.
  private static final int KEPT_BYTES = 4 * 1024;

  /// Hears the outcome, exactly once.
  public interface Receiver {
    /// The body is complete; it stays the property of `held` until [HeldBody#release()].
    void received(HeldBody held);

    void refused(Refusal refusal);
  }

  private final HeldBodies budget;
  private final Holder holder;
  private final long announced;
  private final Receiver receiver;
  private @Nullable ByteBuf body;
  private long acquired;
  private boolean over;

  /// @param holder whose share it is taken from
  /// @param announced bytes the head announced; -1 = unknown
  public HeldBody(HeldBodies budget, Holder holder, long announced, Receiver receiver) {
    this.budget = budget;
    this.holder = holder;
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
    long pinned = pinned(part);
    boolean fills = pinned <= Math.max(KEPT_BYTES, 2L * bytes);
    if (body == null && bytes == announced && fills && acquire(pinned)) {
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
    budget.give(holder, acquired);
    acquired = 0;
  }

  /// What the whole buffer holds of which `part` is a piece.
  private static long pinned(ByteBuf part) {
    ByteBuf whole = part;
    for (ByteBuf below = part.unwrap(); below != null; below = below.unwrap()) {
      whole = below;
    }
    return whole.capacity();
  }

  private boolean room(int bytes) {
    ByteBuf before = body;
    int used = before == null ? 0 : before.readableBytes();
    if (before != null && before.writableBytes() >= bytes) {
      return true;
    }
    long needed = (long) used + bytes;
    long wanted = Math.max(needed, Math.max(FIRST_BYTES, 2L * used));
    long most = announced > 0 ? Math.max(needed, Math.min(wanted, announced)) : wanted;
    if (needed > BUFFER_BYTES_MAX) {
      refused(Refusal.tooLarge("The request's body is larger than can be held in memory."));
      return false;
    }
    int capacity = (int) Math.min(most, BUFFER_BYTES_MAX);
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
      refused(HeldBodies.refusal(Taken.ALL_FULL));
      return false;
    }
  }

  private boolean acquire(long bytes) {
    Taken taken = budget.take(holder, bytes);
    if (taken != Taken.YES) {
      refused(HeldBodies.refusal(taken));
      return false;
    }
    acquired += bytes;
    return true;
  }
}
