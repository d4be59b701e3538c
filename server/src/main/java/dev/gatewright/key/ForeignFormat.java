package dev.gatewright.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The texts other gates' keys may have: 8 to 256 visible ASCII characters, not beginning with
/// `gw_`. Pure.
public final class ForeignFormat {
  static final int CHARACTERS_MIN = 8;
  static final int CHARACTERS_MAX = 256;

  private static final int SHORT = 20;
  private static final double BITS_MIN = 80;
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");

  private ForeignFormat() {}

  /// Why `text` can be no foreign key, in words that do not repeat it; null when it can.
  public static @Nullable String fault(String text) {
    int length = text.length();
    if (length < CHARACTERS_MIN || length > CHARACTERS_MAX) {
      return "%d characters (expected: %d to %d; a shorter key can be guessed)"
          .formatted(length, CHARACTERS_MIN, CHARACTERS_MAX);
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~') {
        return "a space or a character beyond ASCII (expected: what a header can carry)";
      }
    }
    if (text.startsWith("gw_")) {
      return "one of Gatewright's own (expected: move these by `export keys`)";
    }
    return text.contains("***") || text.contains("...") ? "masked, not the key itself" : null;
  }

  /// Why a key is weaker than one of ours; empty when it is not. Measures what the text shows, not
  /// how it was made.
  public static List<String> weaknesses(String text) {
    List<String> found = new ArrayList<>();
    if (UUID.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      found.add("uuid");
    }
    if (text.length() < SHORT) {
      found.add("short");
    }
    if (bits(text) < BITS_MIN) {
      found.add("low_entropy");
    }
    return found;
  }

  /// Shannon's measure over the characters that occur, times their number.
  private static double bits(String text) {
    int[] counts = new int[128];
    text.chars().forEach(c -> counts[c & 0x7f]++);
    double each = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / text.length();
        each -= share * Math.log(share) / Math.log(2);
      }
    }
    return each * text.length();
  }

  public static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
