package dev.gatewright.llm.simulator.request;

import org.jspecify.annotations.Nullable;

/// A JSON schema written into the text, as Spring AI's `entity` does where it asks for no
/// structured output: between two fences of three backticks, and naming its `$schema`.
public final class FencedSchema {
  private static final String FENCE = "```";

  private FencedSchema() {}

  /// Null when the text has none.
  public static @Nullable String in(String text) {
    int open = text.indexOf(FENCE);
    while (open >= 0) {
      int close = text.indexOf(FENCE, open + FENCE.length());
      if (close < 0) {
        return null;
      }
      String block = text.substring(open + FENCE.length(), close).strip();
      String schema = block.startsWith("json") ? block.substring(4).strip() : block;
      if (schema.startsWith("{") && schema.contains("\"$schema\"")) {
        return schema;
      }
      // A fence that is only spoken of, as in "remove the ``` markdown", opens nothing.
      open = schema.startsWith("{") ? text.indexOf(FENCE, close + FENCE.length()) : close;
    }
    return null;
  }
}
