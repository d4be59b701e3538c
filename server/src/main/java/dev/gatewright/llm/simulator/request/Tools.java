package dev.gatewright.llm.simulator.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tools a request offers, and whether one must be called. Mutable while the request is read.
public final class Tools {
  public static final int TOOLS_MAX = 1_024;

  /// @param schemaFrom where the schema of its arguments begins in the body; -1 = it has none
  /// @param schemaTo behind it
  public record Tool(String name, int schemaFrom, int schemaTo) {}

  private final List<Tool> tools = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();
  private String choice = "";
  private String mode = "";
  private @Nullable String named;

  public void add(Tool tool) {
    tools.add(tool);
  }

  public void allow(String name) {
    allowed.add(name);
  }

  /// `auto`, `none`, `required`, `any`, `tool`, `function`, `custom` or `allowed_tools`.
  public void choice(String newChoice) {
    choice = newChoice.toLowerCase(Locale.ROOT);
  }

  /// With `allowed_tools`: `auto` or `required`.
  public void mode(String newMode) {
    mode = newMode;
  }

  public void named(String name) {
    named = name;
  }

  public int count() {
    return tools.size();
  }

  public @Nullable Tool find(String name) {
    for (Tool tool : tools) {
      if (tool.name().equals(name)) {
        return tool;
      }
    }
    return null;
  }

  public boolean forbidden() {
    return choice.equals("none");
  }

  public boolean forced() {
    return switch (choice) {
      case "required", "any" -> true;
      case "tool", "function", "custom" -> named != null;
      case "allowed_tools" -> mode.equals("required");
      default -> false;
    };
  }

  /// The one that is called when nothing is said of which.
  ///
  /// @param seed ≥ 0
  public @Nullable Tool forced(long seed) {
    List<Tool> from =
        named != null
            ? tools.stream().filter(tool -> tool.name().equals(named)).toList()
            : allowed.isEmpty()
                ? tools
                : tools.stream().filter(tool -> allowed.contains(tool.name())).toList();
    return from.isEmpty() ? null : from.get((int) (seed % from.size()));
  }

  /// What a live provider would say against the choice; null = nothing.
  public @Nullable String fault() {
    if (tools.isEmpty() && forced()) {
      return "tool_choice: only allowed where `tools` are given";
    }
    if (named != null && find(named) == null) {
      return "tool_choice: %s is not one of the tools (expected: one of %s)"
          .formatted(cut(named), names());
    }
    return null;
  }

  public String names() {
    return tools.stream().limit(10).map(tool -> cut(tool.name())).collect(Collectors.joining(", "));
  }

  public static String cut(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
