package dev.gatewright.llm.simulator.request;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The endpoints a simulated provider has.
public enum Form {
  CHAT("/chat/completions"),
  RESPONSES("/responses"),
  MESSAGES("/messages"),
  COUNT_TOKENS("/messages/count_tokens"),
  EMBEDDINGS("/embeddings"),
  IMAGES("/images/generations");

  private final String suffix;

  Form(String suffix) {
    this.suffix = suffix;
  }

  /// @param target path and query of the request, whatever base stands before the endpoint's own
  /// @return null when no endpoint has this path
  public static @Nullable Form of(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    for (Form form : values()) {
      if (path.endsWith(form.suffix)) {
        return form;
      }
    }
    return null;
  }

  /// Errors, limits and words are Anthropic's.
  public boolean anthropic() {
    return this == MESSAGES || this == COUNT_TOKENS;
  }

  /// The answer is a conversation's next turn.
  public boolean speaks() {
    return this == CHAT || this == RESPONSES || this == MESSAGES;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
