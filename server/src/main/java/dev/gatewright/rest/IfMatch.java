package dev.gatewright.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the caller last saw of the thing it wants to change: `If-Match`. Asked in the transaction
/// that changes it, once the row is locked.
public final class IfMatch {
  private static final int TAGS_MAX = 16;
  private static final Pattern TAG = Pattern.compile("\\G\\s*(W/)?(\"[!#-~]{0,128}\")\\s*(,|$)");

  /// Null = whatever is there.
  private final @Nullable List<String> tags;

  private IfMatch(@Nullable List<String> tags) {
    this.tags = tags;
  }

  /// @param lines the header's lines; none = whatever is there
  /// @throws Problem 400 for what is no list of tags
  static IfMatch of(List<String> lines) {
    String text = String.join(",", lines).strip();
    if (text.isEmpty() || text.equals("*")) {
      return new IfMatch(null);
    }
    List<String> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(text);
    int end = 0;
    while (end < text.length() && tags.size() < TAGS_MAX && matcher.find()) {
      end = matcher.end();
      // A weak tag says "much the same", which is not enough to overwrite something.
      tags.add(matcher.group(1) == null ? matcher.group(2) : "");
    }
    if (end < text.length()) {
      throw Problem.invalid(
          "if-match", "if-match: %s (expected: an etag such as \"5f3c…\", or *)".formatted(text));
    }
    return new IfMatch(tags);
  }

  /// @throws Problem 412 when `tag`, of what is there now, is none the caller knows
  public void require(String tag) {
    if (tags != null && !tags.contains(tag)) {
      throw Problem.changedSince();
    }
  }
}
