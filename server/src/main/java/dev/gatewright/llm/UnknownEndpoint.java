package dev.gatewright.llm;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Dialect;
import dev.gatewright.llm.dialect.LlmReply;
import io.netty.handler.codec.http.HttpHeaders;

/// Whatever lies under `/v1` and is none of ours: 404 in the dialect the caller seems to speak.
final class UnknownEndpoint implements EdgeHandler, Judge {
  @Override
  public void handle(Exchange exchange) {
    LlmReply.refuse(
        exchange,
        dialect(exchange),
        unknown(exchange.request().method(), exchange.request().path()));
  }

  @Override
  public boolean traced() {
    return true;
  }

  @Override
  public Judgement judge(Caller caller, Question question) {
    return new Judgement.Refused(unknown(question.method(), question.path()));
  }

  private static Refusal unknown(String method, String path) {
    return Refusal.notFound(
        "There is no endpoint %s %s here.".formatted(method, Refusal.shown(path)));
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
