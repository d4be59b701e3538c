package dev.gatewright.config;

import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A secret as it is written in a setting: the value itself, or `file:/path` of a file that holds
/// it, as container platforms mount them.
final class SecretText {
  private static final int BYTES_MAX = 64 << 10;

  private SecretText() {}

  static Secret resolve(String path, String text) {
    if (!text.startsWith("file:")) {
      return Secret.of(text);
    }
    Path file = Path.of(text.substring("file:".length()));
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new Settings.InvalidSetting(
            "%s: %s is too long for a secret (expected: at most 64KiB)".formatted(path, file));
      }
      return Secret.of(Files.readString(file).strip());
    } catch (IOException unreadable) {
      throw new Settings.InvalidSetting(
          "%s: file:%s (expected: a file that can be read; %s)"
              .formatted(path, file, unreadable.getClass().getSimpleName()));
    }
  }
}
