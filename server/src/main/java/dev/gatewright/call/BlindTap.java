package dev.gatewright.call;

import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;

/// Looks at nothing: of such an answer its framing says all there is.
public record BlindTap() implements Tap {
  @Override
  public void watch(ByteBuf part) {}

  @Override
  public void finish() {}

  @Override
  public Usage usage() {
    return Usage.NOTHING;
  }
}
