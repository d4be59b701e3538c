package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcomes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The languages of Daily's user interface, under Daily's own codes.
public final class DailyLanguage {
  private static final List<String> KNOWN =
      List.of(
          "da", "de", "en", "es", "fi", "fr", "it", "jp", "ka", "nl", "no", "pt", "pt-BR", "pl",
          "ru", "sv", "tr", "user");

  /// Codes Daily writes in its own way.
  private static final Map<String, String> OWN =
      Map.of("auto", "user", "ja", "jp", "nb", "no", "nn", "no");

  private DailyLanguage() {}

  static void map(String lang, ObjectNode properties, Outcomes outcomes) {
    String exact = code(lang);
    if (exact != null) {
      properties.put("lang", exact);
      return;
    }
    String general = code(lang.split("-", 2)[0]);
    if (general != null) {
      properties.put("lang", general);
      outcomes.approximated(
          Capability.LANG, "Daily's interface has " + general + ", not " + lang + ".");
    } else {
      outcomes.unsupported(Capability.LANG, "Daily's interface has no " + lang + ".");
    }
  }

  private static @Nullable String code(String lang) {
    String own = OWN.get(lang.toLowerCase(Locale.ROOT));
    if (own != null) {
      return own;
    }
    for (String known : KNOWN) {
      if (known.equalsIgnoreCase(lang) && !known.equals("user") && !known.equals("jp")) {
        return known;
      }
    }
    return null;
  }
}
