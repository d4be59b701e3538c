package dev.gatewright.identity.pairing;

import dev.gatewright.secret.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two codes of a pairing: a long one for the command line, a short one that people type. The
/// short one has consonants alone, so that it spells nothing (RFC 8628 §6.1): 20⁸, some 34 bits,
/// for ten minutes. Thread-safe.
final class PairingCodes {
  private static final String ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int USER_CHARACTERS = 8;
  private static final int DEVICE_BYTES = 32;
  private static final int TYPED_CHARACTERS_MAX = 40;

  private final SecureRandom random = new SecureRandom();

  Secret device() {
    byte[] bytes = new byte[DEVICE_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// Without the dash it is shown with.
  String user() {
    StringBuilder code = new StringBuilder(USER_CHARACTERS);
    for (int i = 0; i < USER_CHARACTERS; i++) {
      code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return code.toString();
  }

  /// `WDJB-MJHT`
  static String shown(String user) {
    return user.substring(0, USER_CHARACTERS / 2) + "-" + user.substring(USER_CHARACTERS / 2);
  }

  /// What somebody typed, in either case, with spaces and dashes; null when it can be no code.
  static @Nullable String plain(@Nullable String typed) {
    if (typed == null || typed.length() > TYPED_CHARACTERS_MAX) {
      return null;
    }
    String plain = typed.replaceAll("[ -]", "").toUpperCase(Locale.ROOT);
    boolean good =
        plain.length() == USER_CHARACTERS && plain.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    return good ? plain : null;
  }
}
