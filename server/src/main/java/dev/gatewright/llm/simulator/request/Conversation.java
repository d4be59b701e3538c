package dev.gatewright.llm.simulator.request;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was said, as the walk meets it: keeps the last turn and counts the words of all. Confined
/// to one thread.
final class Conversation {
  private static final Set<String> OPENAI_ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");
  private static final Set<String> ANTHROPIC_ROLES = Set.of("user", "assistant", "system");

  private final Form form;
  private final StringBuilder all = new StringBuilder();
  private final StringBuilder own = new StringBuilder();
  private boolean listed;
  private int turns;
  private String role = "";
  private String type = "";
  private String text = "";
  private String script = "";
  private int words;

  Conversation(Form form) {
    this.form = form;
  }

  /// The whole of `messages` or `input` has begun, or is a text.
  void list(JsonKind kind, String whole) {
    listed = kind == JsonKind.ARRAY;
    if (kind == JsonKind.STRING && form == Form.RESPONSES) {
      turns++;
      text = whole;
      script = whole;
      words += Words.count(whole);
    }
  }

  void begin() {
    all.setLength(0);
    own.setLength(0);
    role = "";
    type = "";
  }

  void role(String newRole) {
    role = newRole;
  }

  void type(String newType) {
    type = newType;
  }

  void said(String more) {
    all.append(more);
    own.append(more);
  }

  /// A tool's answer.
  void result(String more) {
    all.append(more);
  }

  void system(String more) {
    words += Words.count(more);
  }

  /// The turn has ended.
  @Nullable Refusal end() {
    turns++;
    words += Words.count(all);
    boolean tool = role.equals("tool") || role.equals("function") || type.endsWith("_call_output");
    if (tool || role.equals("user")) {
      text = all.toString();
      script = tool ? "" : own.toString();
    }
    if (form == Form.RESPONSES) {
      return null;
    }
    Set<String> roles = form.anthropic() ? ANTHROPIC_ROLES : OPENAI_ROLES;
    return roles.contains(role)
        ? null
        : Refusal.invalid(
            "messages[%d].role: %s (expected: one of %s)"
                .formatted(turns - 1, Tools.cut(role), roles.stream().sorted().toList()),
            "messages");
  }

  @Nullable Refusal fault() {
    String param = form == Form.RESPONSES ? "input" : "messages";
    if (turns == 0) {
      return Refusal.invalid(
          "%s: %s (expected: at least one)".formatted(param, listed ? "empty" : "missing"), param);
    }
    return null;
  }

  String text() {
    return text;
  }

  String script() {
    return script;
  }

  int words() {
    return words;
  }
}
