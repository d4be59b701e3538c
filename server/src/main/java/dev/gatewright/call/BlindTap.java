package dev.gatewright.call;

import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;

/// See [Tap#BLIND].
record BlindTap() implements Tap {
  @Override
  public void watch(ByteBuf part) {}

  @Override
  public void finish() {}

  @Override
  public Usage usage() {
    return Usage.NOTHING;
  }
}
