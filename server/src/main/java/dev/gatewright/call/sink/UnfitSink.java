package dev.gatewright.call.sink;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Sink;
import dev.gatewright.call.Tap;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// An answer of which nothing passes, as its head alone tells.
public record UnfitSink(@Nullable Refusal unfit) implements Sink, Tap {
  @Override
  public void data(ByteBuf part) {
    part.release();
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {}

  @Override
  public void breakOff(Refusal why) {}

  @Override
  public void release() {}

  @Override
  public Tap tap() {
    return this;
  }

  @Override
  public void watch(ByteBuf part) {}

  @Override
  public void finish() {}

  @Override
  public Usage usage() {
    return Usage.NOTHING;
  }

  @Override
  public Ending ending() {
    return Ending.UNFINISHED;
  }
}
