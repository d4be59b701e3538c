package dev.gatewright.credential;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a credential is for.
public enum CredentialKind {
  /// A provider of models.
  PROVIDER,
  /// A self-hosted service.
  SERVICE,
  /// A provider of video rooms.
  ROOM;

  /// All words, for errors.
  public static final String WORDS = "provider, service or room";

  /// As in JSON and in the database.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Null for a word that is none.
  public static @Nullable CredentialKind of(@Nullable String word) {
    for (CredentialKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return null;
  }
}
