package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Opening;
import dev.gatewright.call.Tap;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// An answer that passes byte for byte and of which we know no event boundaries: whole JSON, or
/// anything compressed. Its head leaves with its first bytes, so that a provider that breaks off
/// right behind the head can still be told as 502.
final class WholeAnswer implements Answer {
  private final Exchange exchange;
  private final Dialect dialect;
  private final Tap tap;
  private final Opening opening;
  private final String provider;

  WholeAnswer(
      Exchange exchange,
      Dialect dialect,
      String provider,
      int status,
      HttpHeaders headers,
      long bodyLength,
      Tap tap) {
    this.exchange = exchange;
    this.dialect = dialect;
    this.provider = provider;
    this.tap = tap;
    this.opening = new Opening(exchange, tap, status, headers, () -> bodyLength, () -> {});
  }

  @Override
  public void data(ByteBuf part) {
    tap.watch(part);
    opening.write(part);
  }

  @Override
  public void readComplete() {
    opening.turn();
  }

  @Override
  public void end() {
    tap.end();
    Refusal refusal = exchange.headSent() ? null : ProviderFailure.refusal(provider, tap.ending());
    if (refusal == null) {
      opening.open();
      return;
    }
    opening.release();
    LlmReply.refuse(exchange, dialect, refusal);
  }

  @Override
  public void broken(Refusal refusal) {
    tap.finish();
    opening.release();
    if (exchange.headSent()) {
      exchange.reset(refusal.code());
    } else {
      LlmReply.refuse(exchange, dialect, refusal);
    }
  }

  @Override
  public void release() {
    tap.finish();
    opening.release();
  }

  @Override
  public Usage usage() {
    return tap.usage();
  }

  @Override
  public long outputTokens() {
    return tap.outputSoFar();
  }

  @Override
  public boolean begun() {
    return tap.begun();
  }

  @Override
  public Ending ending() {
    return tap.ending();
  }
}
