package dev.gatewright.llm.dialect;

import dev.gatewright.call.tap.Meter;

/// The endpoints of `/v1` that carry model calls.
public enum Endpoint {
  CHAT("/chat/completions"),
  EMBEDDINGS("/embeddings"),
  IMAGES("/images/generations"),
  RESPONSES("/responses"),
  MESSAGES("/messages"),
  COUNT_TOKENS("/messages/count_tokens");

  private final String suffix;

  Endpoint(String suffix) {
    this.suffix = suffix;
  }

  /// Our own path; at the same time the route's template in logs and rows.
  public String path() {
    return "/v1" + suffix;
  }

  /// What a provider's base address is followed by.
  public String suffix() {
    return suffix;
  }

  public Dialect dialect() {
    return switch (this) {
      case CHAT, EMBEDDINGS, IMAGES, RESPONSES -> Dialect.OPENAI;
      case MESSAGES, COUNT_TOKENS -> Dialect.ANTHROPIC;
    };
  }

  /// What calls are counted in.
  public Meter meter() {
    return switch (this) {
      case CHAT, RESPONSES, MESSAGES -> Meter.TOKENS;
      case EMBEDDINGS -> Meter.EMBEDDINGS;
      case IMAGES -> Meter.PICTURES;
      case COUNT_TOKENS -> Meter.NOTHING;
    };
  }
}
