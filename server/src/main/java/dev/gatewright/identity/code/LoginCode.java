package dev.gatewright.identity.code;

import dev.gatewright.identity.session.Macs;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A code of 40 bits, as eight characters of Crockford's base 32. It is derived from the request it
/// belongs to, so that no row and no queue holds it and a second mail brings the same. Pure.
final class LoginCode {
  static final int CHARACTERS = 8;
  private static final int BITS = 5;
  private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /// Longer than any way to write one.
  private static final int TYPED_CHARACTERS_MAX = 40;

  private LoginCode() {}

  /// @param flowId of the request
  /// @param emailKey whose code it is
  static Secret of(Macs macs, String flowId, String emailKey) {
    byte[] mac = macs.bytes("login-code", flowId, emailKey);
    long bits = 0;
    for (int i = 0; i < CHARACTERS * BITS / Byte.SIZE; i++) {
      bits = bits << Byte.SIZE | (mac[i] & 0xff);
    }
    StringBuilder text = new StringBuilder(CHARACTERS);
    for (int i = CHARACTERS - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt((int) (bits >>> (i * BITS)) & 31));
    }
    return Secret.of(text.toString());
  }

  /// Whether somebody typed this code, in either case, with spaces or dashes, with letters that
  /// look like digits. In constant time but for the length of what was typed.
  static boolean matches(Secret code, String typed) {
    StringBuilder plain = new StringBuilder(CHARACTERS);
    for (int i = 0; i < Math.min(typed.length(), TYPED_CHARACTERS_MAX); i++) {
      char c = typed.charAt(i);
      if (c != ' ' && c != '-') {
        plain.append(plain(c));
      }
    }
    return MessageDigest.isEqual(
        plain.toString().getBytes(StandardCharsets.UTF_8),
        code.expose().getBytes(StandardCharsets.UTF_8));
  }

  private static char plain(char typed) {
    char upper = typed >= 'a' && typed <= 'z' ? (char) (typed - 32) : typed;
    return switch (upper) {
      case 'O' -> '0';
      case 'I', 'L' -> '1';
      default -> upper;
    };
  }
}
