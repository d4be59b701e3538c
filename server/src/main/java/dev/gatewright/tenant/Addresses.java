package dev.gatewright.tenant;

import org.jspecify.annotations.Nullable;

/// Reads e-mail addresses; what one is, `identity` says. Pure.
@FunctionalInterface
public interface Addresses {
  String EXPECTED = "an address such as ana@example.com, at most 254 characters";

  /// @param text as it was given
  /// @param key what makes two the same
  record Address(String text, String key) {}

  /// Null when it is none.
  @Nullable Address read(@Nullable String text);
}
