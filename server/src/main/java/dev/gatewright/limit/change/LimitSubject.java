package dev.gatewright.limit.change;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Problem;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// On whom or what a limit stands.
///
/// @param id as limits name it: `key_…`, `service:tts`
record LimitSubject(Kind kind, String id) {
  /// What it is.
  enum Kind {
    KEY("key_[0-9A-Za-z_]{1,60}"),
    PERSON("per_[0-9A-Za-z]{1,40}"),
    PROJECT("prj_[0-9A-Za-z]{1,40}"),
    ORGANIZATION("org_[0-9A-Za-z]{1,40}"),
    SERVICE("service:[a-z][a-z0-9-]{1,30}"),
    SITE("site:[a-z0-9][a-z0-9.-]{0,252}");

    private final Pattern form;

    Kind(String form) {
      this.form = Pattern.compile(form);
    }

    /// For "There is no such …".
    String noun() {
      return this == PERSON ? "member" : name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param pointer of the field, for the fault
  /// @throws Problem 422 for what names nothing
  static LimitSubject of(@Nullable String text, String pointer) {
    for (Kind kind : Kind.values()) {
      if (text != null && kind.form.matcher(text).matches()) {
        return new LimitSubject(kind, text);
      }
    }
    throw Problem.wrong(
        pointer,
        "%s (expected: key_…, per_…, prj_…, org_…, service:… or site:…)"
            .formatted(Refusal.shown(String.valueOf(text))));
  }
}
