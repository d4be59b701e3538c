package dev.gatewright.call.sink;

import dev.gatewright.call.Sink;
import dev.gatewright.call.Tap;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// An answer that is held until it is whole, because only then it is known whether it is one.
/// Confined to the call's event loop.
public final class HeldSink implements Sink {
  /// Looks at a whole answer.
  @FunctionalInterface
  public interface Judge {
    /// What the caller is told instead; null = it passes.
    @Nullable Refusal instead(ByteBuf whole);
  }

  private final Sink passing;
  private final int bytesMax;
  private final Judge judge;
  private final @Nullable Refusal tooLong;
  private @Nullable ByteBuf held;
  private boolean passes;
  private @Nullable UnfitSink unfit;

  /// @param passing where it goes on to
  /// @param tooLong what the caller is told of an answer of more than `bytesMax`; null = it passes,
  ///   from there on as it comes
  public HeldSink(Sink passing, int bytesMax, Judge judge, @Nullable Refusal tooLong) {
    this.passing = passing;
    this.bytesMax = bytesMax;
    this.judge = judge;
    this.tooLong = tooLong;
  }

  @Override
  public void data(ByteBuf part) {
    if (passes) {
      passing.data(part);
    } else if (length() + part.readableBytes() <= bytesMax) {
      hold(part);
    } else if (tooLong == null) {
      pass();
      passing.data(part);
    } else {
      part.release();
      unfit = new UnfitSink(tooLong);
    }
  }

  private int length() {
    return held == null ? 0 : held.readableBytes();
  }

  private void hold(ByteBuf part) {
    ByteBuf holding = held;
    if (holding == null) {
      holding = ByteBufAllocator.DEFAULT.buffer(part.readableBytes(), bytesMax);
      held = holding;
    }
    holding.writeBytes(part);
    part.release();
  }

  private void pass() {
    passes = true;
    ByteBuf first = held;
    held = null;
    if (first != null) {
      passing.data(first);
    }
  }

  @Override
  public void readComplete() {
    if (passes) {
      passing.readComplete();
    }
  }

  @Override
  public void end() {
    if (!passes && unfit == null) {
      ByteBuf whole = held;
      Refusal refusal =
          judge.instead(whole == null ? io.netty.buffer.Unpooled.EMPTY_BUFFER : whole);
      if (refusal != null) {
        unfit = new UnfitSink(refusal);
        return;
      }
      pass();
    }
    passing.end();
  }

  @Override
  public @Nullable Refusal unfit() {
    return unfit == null ? passing.unfit() : unfit.unfit();
  }

  @Override
  public void breakOff(Refusal why) {
    passing.breakOff(why);
  }

  @Override
  public void release() {
    if (held != null) {
      held.release();
      held = null;
    }
    passing.release();
  }

  @Override
  public Tap tap() {
    return unfit == null ? passing.tap() : unfit;
  }
}
