package dev.gatewright.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Function;

/// A value that must never be shown: it has no text form, and `expose` marks each place that needs
/// the clear value. Immutable; equality is constant-time.
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /// The clear value, for a socket or a cipher; the result must not be kept, logged or put into a
  /// message.
  public String expose() {
    return value;
  }

  /// Applies `use` to the clear value.
  public <T> T use(Function<String, T> use) {
    return use.apply(value);
  }

  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "***";
  }
}
