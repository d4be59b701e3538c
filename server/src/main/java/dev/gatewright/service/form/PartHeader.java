package dev.gatewright.service.form;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The header of a part of a form: its field's name, and whether it is a file.
record PartHeader(String name, boolean file) {
  /// `; name="…"` or `; name=token`. A backslash is read as an escape by some and as itself by
  /// others, so none is accepted.
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\s*;\\s*([A-Za-z0-9!#$&+.^_`|~-]+\\*?)=(?:\"([^\"\\\\]*)\"|([^\\s\";\\\\]+))");

  private static final Pattern FORM = Pattern.compile("(?i)form-data\\s*(?=;|$)");

  sealed interface Parsed {
    record Good(PartHeader header) implements Parsed {}

    record Bad(String why) implements Parsed {}
  }

  /// @param text the header's lines, each byte a character, without the blank line
  static Parsed parse(String text) {
    String disposition = null;
    for (String line : text.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon <= 0 || line.chars().anyMatch(c -> c < ' ' && c != '\t') || line.charAt(0) <= ' ') {
        return new Parsed.Bad("a part's header has a line that is none");
      }
      String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      if (name.equals("content-disposition")) {
        if (disposition != null) {
          return new Parsed.Bad("a part with two content-dispositions");
        }
        disposition = line.substring(colon + 1).strip();
      } else if (name.equals("content-transfer-encoding")) {
        return new Parsed.Bad("content-transfer-encoding is not accepted in a form");
      }
    }
    return disposition == null
        ? new Parsed.Bad("a part without content-disposition")
        : disposition(disposition);
  }

  private static Parsed disposition(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.lookingAt()) {
      return new Parsed.Bad("a part that is no form-data");
    }
    String name = null;
    boolean file = false;
    Matcher parameter = PARAMETER.matcher(text);
    int at = form.end();
    while (at < text.length()) {
      if (!parameter.region(at, text.length()).lookingAt()) {
        return new Parsed.Bad("a part's content-disposition cannot be read without doubt");
      }
      String key = parameter.group(1).toLowerCase(Locale.ROOT);
      if (key.equals("name*") || (key.equals("name") && name != null)) {
        return new Parsed.Bad("a part with a doubtful name");
      }
      if (key.equals("name")) {
        name = value(parameter);
      }
      file |= key.startsWith("filename");
      at = parameter.end();
    }
    return name == null
        ? new Parsed.Bad("a part without a name")
        : new Parsed.Good(new PartHeader(name, file));
  }

  private static @Nullable String value(Matcher parameter) {
    String raw = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
    return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
