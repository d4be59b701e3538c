package dev.gatewright.llm;

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
  private final int status;
  private final HttpHeaders headers;
  private final long bodyLength;
  private final UsageTap tap;
  private final UsageCount count;

  WholeAnswer(
      Exchange exchange,
      Dialect dialect,
      int status,
      HttpHeaders headers,
      long bodyLength,
      UsageTap tap,
      UsageCount count) {
    this.exchange = exchange;
    this.dialect = dialect;
    this.status = status;
    this.headers = headers;
    this.bodyLength = bodyLength;
    this.tap = tap;
    this.count = count;
  }

  @Override
  public void data(ByteBuf part) {
    tap.watch(part);
    sendHead();
    exchange.write(part);
  }

  private void sendHead() {
    if (!exchange.headSent()) {
      exchange.head(status, headers, bodyLength);
    }
  }

  @Override
  public void readComplete() {
    if (exchange.headSent()) {
      exchange.flush();
    }
  }

  @Override
  public void end() {
    tap.finish();
    sendHead();
  }

  @Override
  public void broken(Refusal refusal) {
    tap.finish();
    if (exchange.headSent()) {
      exchange.reset(refusal.code());
    } else {
      LlmReply.refuse(exchange, dialect, refusal);
    }
  }

  @Override
  public void release() {
    tap.finish();
  }

  @Override
  public Usage usage() {
    return count.usage();
  }

  @Override
  public long outputTokens() {
    return count.outputSoFar();
  }
}
