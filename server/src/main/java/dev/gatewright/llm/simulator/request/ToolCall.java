package dev.gatewright.llm.simulator.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;
import org.jspecify.annotations.Nullable;

/// A tool the simulator calls.
///
/// @param arguments a JSON object, as text
public record ToolCall(String name, String arguments) {
  public static final int ARGUMENTS_CHARS_MAX = 64 << 10;

  private static final String WORD = "call:";
  private static final int NAME_CHARS_MAX = 128;

  /// What a text asks to have called: a call, nothing, or something that cannot be.
  public record Asked(@Nullable ToolCall call, @Nullable Refusal refusal) {}

  private static final Asked NOTHING = new Asked(null, null);

  /// Looks for `call:NAME {json}` anywhere in the text. NAME alone counts where it is a tool's;
  /// with arguments it has to be one.
  public static Asked in(String text, Tools tools) {
    int at = text.indexOf(WORD);
    while (at >= 0) {
      int from = at + WORD.length();
      int to = nameEnd(text, from);
      int brace = to;
      while (brace < text.length() && Words.isSpace(text.charAt(brace))) {
        brace++;
      }
      String name = text.substring(from, to);
      boolean known = to > from && tools.find(name) != null;
      if (to > from && brace < text.length() && text.charAt(brace) == '{') {
        return known
            ? withArguments(name, text, brace)
            : refused("call:%s: no such tool (expected: one of %s)".formatted(name, tools.names()));
      }
      if (known) {
        return new Asked(new ToolCall(name, "{}"), null);
      }
      at = text.indexOf(WORD, from);
    }
    return NOTHING;
  }

  private static Asked refused(String message) {
    return new Asked(null, Refusal.invalid(message));
  }

  private static int nameEnd(String text, int from) {
    int to = from;
    while (to < text.length() && to - from < NAME_CHARS_MAX && isName(text.charAt(to))) {
      to++;
    }
    return to;
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.';
  }

  private static Asked withArguments(String name, String text, int from) {
    int to = objectEnd(text, from);
    String arguments = to < 0 ? "" : text.substring(from, to);
    if (to < 0 || !isJson(arguments)) {
      return refused(
          "call:%s: its arguments are not a JSON object of at most %d characters"
              .formatted(name, ARGUMENTS_CHARS_MAX));
    }
    return new Asked(new ToolCall(name, arguments), null);
  }

  /// Behind the brace that closes the one at `from`; -1 when it is not closed within bounds.
  private static int objectEnd(String text, int from) {
    int depth = 0;
    boolean inString = false;
    int end = Math.min(text.length(), from + ARGUMENTS_CHARS_MAX);
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (inString) {
        i += c == '\\' ? 1 : 0;
        inString = c != '"';
      } else if (c == '"') {
        inString = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /// A whole, well-formed JSON text.
  public static boolean isJson(String text) {
    JsonListener nobody = (_, _) -> {};
    JsonWalker walker = new JsonWalker(JsonShape.object(), nobody, false);
    byte[] bytes = text.getBytes(UTF_8);
    return walker.feed(bytes, 0, bytes.length) && walker.finish();
  }
}
