package dev.gatewright.config;

import dev.gatewright.config.Settings.InvalidSetting;

/// `profile`: for which size of machine defaults are meant. The launcher and the image choose the
/// virtual machine's memory by the same word.
public enum Profile {
  STANDARD,
  /// A machine of 256 MB.
  SMALL;

  /// @param root the whole configuration
  public static Profile from(Settings root) {
    String text = root.text("profile", "standard");
    return switch (text) {
      case "standard" -> STANDARD;
      case "small" -> SMALL;
      default ->
          throw new InvalidSetting("profile: %s (expected: standard or small)".formatted(text));
    };
  }
}
