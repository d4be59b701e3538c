package dev.gatewright.call.tap;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The HTTP status that a failure told in words amounts to. Sources: the error tables of OpenAI,
/// Anthropic, OpenRouter and MiniMax, 2026.
final class FailureMeaning {
  /// Nobody says whose fault it is: the provider's, then.
  static final int UNKNOWN = 502;

  private FailureMeaning() {}

  /// @param type of the error, or null
  /// @param code of the error, a word or a status; or null
  static int status(@Nullable String type, @Nullable String code) {
    int byNumber = number(code);
    if (byNumber > 0) {
      return byNumber;
    }
    int byCode = word(code);
    return byCode > 0 ? byCode : Math.max(word(type), 0) > 0 ? word(type) : UNKNOWN;
  }

  private static int number(@Nullable String code) {
    if (code == null || code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return 0;
    }
    int status = Integer.parseInt(code);
    return status >= 400 && status < 600 ? status : 0;
  }

  private static int word(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    String word = text.toLowerCase(Locale.ROOT);
    if (word.contains("overloaded") || word.contains("unavailable") || word.contains("capacity")) {
      return 503;
    }
    if (word.contains("rate_limit") || word.contains("quota") || word.contains("too_many")) {
      return 429;
    }
    if (word.contains("timeout") || word.contains("timed_out")) {
      return 504;
    }
    if (word.contains("too_large")) {
      return 413;
    }
    if (word.contains("authentication") || word.contains("api_key")) {
      return 401;
    }
    if (word.contains("permission")) {
      return 403;
    }
    if (word.contains("not_found")) {
      return 404;
    }
    if (word.contains("invalid")
        || word.contains("content_filter")
        || word.contains("policy")
        || word.contains("context_length")) {
      return 400;
    }
    return word.contains("server_error") || word.contains("internal") || word.equals("api_error")
        ? 500
        : 0;
  }
}
