package dev.gatewright.llm.dialect;

import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.HttpHeaders;

/// The tongue of a caller or a provider: how errors read, how a stream is kept alive or broken off,
/// how a credential is carried. Stateless.
public sealed interface Dialect permits OpenAiDialect, AnthropicDialect {
  Dialect OPENAI = new OpenAiDialect();
  Dialect ANTHROPIC = new AnthropicDialect();

  /// As the configuration names it.
  String id();

  /// The body of an error answer, JSON in UTF-8.
  byte[] errorBody(Refusal refusal, String requestId);

  /// Headers every answer of this dialect carries besides the edge's own.
  void answerHeaders(HttpHeaders headers, String requestId);

  /// What ends a stream that cannot go on, to be written after a whole event only.
  byte[] errorEvent(Endpoint endpoint, Refusal refusal, String requestId);

  /// What tells a waiting caller that the stream lives, to be written after a whole event only.
  byte[] keepalive();

  /// In whose words callers are told of their limits.
  LimitHeaders limitHeaders();

  /// Puts a provider's credential where this dialect carries it.
  void credential(HttpHeaders headers, Secret apiKey);
}
