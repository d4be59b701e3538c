package dev.gatewright.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Whose rules they are. Outermost first; all that apply to a call must let it pass.
public enum Layer {
  ORGANIZATION,
  PROJECT,
  /// The person a key belongs to, in the key's organization.
  MEMBER,
  KEY;

  /// As in JSON, in errors and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable Layer of(@Nullable String word) {
    for (Layer layer : values()) {
      if (layer.word().equals(word)) {
        return layer;
      }
    }
    return null;
  }
}
