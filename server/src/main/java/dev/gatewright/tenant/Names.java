package dev.gatewright.tenant;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Problem;
import org.jspecify.annotations.Nullable;

/// Names that people choose: they stand in lists, in mails and in front of other people.
public final class Names {
  private static final int CHARACTERS_MAX = 100;

  private Names() {}

  /// The name without space around it.
  ///
  /// @param pointer JSON pointer of the field
  /// @throws Problem 422 for what is no name
  public static String checked(String pointer, @Nullable String name) {
    String text = name == null ? "" : name.strip();
    String fault = fault(text);
    if (fault != null) {
      throw Problem.wrong(pointer, fault);
    }
    return text;
  }

  /// Why a text is no name; null when it is one.
  public static @Nullable String fault(String text) {
    if (text.isEmpty() || text.length() > CHARACTERS_MAX) {
      return "%d characters (expected: 1 to %d)".formatted(text.length(), CHARACTERS_MAX);
    }
    return text.codePoints().allMatch(Names::shown)
        ? null
        : Refusal.shown(text) + " (expected: no control characters, no line breaks)";
  }

  /// Neither breaks a line nor turns the direction of what stands around it.
  private static boolean shown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
