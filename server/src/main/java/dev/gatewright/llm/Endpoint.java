package dev.gatewright.llm;

/// The endpoints of `/v1` that carry model calls.
enum Endpoint {
  CHAT("/chat/completions", Dialect.OPENAI),
  EMBEDDINGS("/embeddings", Dialect.OPENAI),
  IMAGES("/images/generations", Dialect.OPENAI),
  RESPONSES("/responses", Dialect.OPENAI),
  MESSAGES("/messages", Dialect.ANTHROPIC),
  COUNT_TOKENS("/messages/count_tokens", Dialect.ANTHROPIC);

  private final String suffix;
  private final Dialect dialect;

  Endpoint(String suffix, Dialect dialect) {
    this.suffix = suffix;
    this.dialect = dialect;
  }

  /// Our own path; at the same time the route's template in logs and rows.
  String path() {
    return "/v1" + suffix;
  }

  /// What a provider's base address is followed by.
  String suffix() {
    return suffix;
  }

  Dialect dialect() {
    return dialect;
  }
}
