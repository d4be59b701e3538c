package dev.gatewright.key.migration.file;

import org.jspecify.annotations.Nullable;

/// The files that can be read; described in `docs/guides/moving-in.md`.
public enum KeyFileFormat {
  /// `{key: {user, service, description, created, expires, enabled}}` or `{key: user}`.
  JSON_MAP("json-map"),
  /// A list of key records with `token` and `status`.
  LLMGATEWAY("llmgateway"),
  /// Comma-separated, with a header.
  CSV("csv"),
  /// What `gatewright export keys` writes.
  GATEWRIGHT("gatewright");

  private final String word;

  KeyFileFormat(String word) {
    this.word = word;
  }

  /// As on the command line.
  public String word() {
    return word;
  }

  public static @Nullable KeyFileFormat of(String word) {
    for (KeyFileFormat format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    return null;
  }
}
