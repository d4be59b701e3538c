package dev.gatewright.llm;

import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.LlmReply;
import io.netty.handler.codec.http.HttpHeaders;

/// Whatever lies under `/v1` and is none of ours: 404 in the dialect the caller seems to speak.
final class UnknownEndpoint implements EdgeHandler {
  @Override
  public void handle(Exchange exchange) {
    LlmReply.refuse(
        exchange,
        dialect(exchange),
        Refusal.notFound(
            "There is no endpoint %s %s here."
                .formatted(exchange.request().method(), Refusal.shown(exchange.request().path()))));
  }

  @Override
  public void reject(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    LlmReply.refuse(exchange, dialect(exchange), refusal, headers);
  }

  /// Anthropic's clients always send `anthropic-version`.
  static Dialect dialect(Exchange exchange) {
    return exchange.request().headers().contains("anthropic-version")
        ? Dialect.ANTHROPIC
        : Dialect.OPENAI;
  }
}
