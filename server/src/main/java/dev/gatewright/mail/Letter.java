package dev.gatewright.mail;

/// One mail, text only. Names that people chose stand in the subject or in the body, never in
/// another header.
///
/// @param subject one line of at most 200 characters
/// @param body at most 64 KiB of text, lines divided by `\n`
/// @throws IllegalArgumentException when a text holds control characters or is too long; the
///   message does not show the text
public record Letter(EmailAddress to, String subject, String body) {
  private static final int SUBJECT_CHARACTERS_MAX = 200;
  private static final int BODY_CHARACTERS_MAX = 64 << 10;

  public Letter {
    check("subject", subject, SUBJECT_CHARACTERS_MAX, false);
    check("body", body, BODY_CHARACTERS_MAX, true);
  }

  private static void check(String what, String text, int most, boolean lines) {
    if (text.isBlank() || text.length() > most) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: 1…%d)".formatted(what, text.length(), most));
    }
    if (!text.chars().allMatch(c -> plain(c) || (lines && c == '\n'))) {
      throw new IllegalArgumentException(what + ": control characters (expected: none)");
    }
  }

  /// Not a control character, a line or paragraph separator, nor one that turns the direction of
  /// writing around.
  static boolean plain(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default ->
          !(character >= 0x202a && character <= 0x202e)
              && !(character >= 0x2066 && character <= 0x2069);
    };
  }
}
