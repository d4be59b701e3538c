package dev.gatewright.key;

import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The text of a key: `gw_<live|test|admin>_<id:10>_<secret:32>_<crc:6>`, all of `0-9A-Za-z`. The
/// last part is the CRC-32 (IEEE) of the ASCII before the last `_`, in base62, so that typing
/// errors and random scans are turned away without a look-up. Pure; thread-safe.
public final class KeyFormat {
  /// Finds keys in source trees and logs; the checksum is to be verified with [#parse] after it.
  public static final String REGEX =
      "gw_(?:live|test|admin)_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}";

  private static final ApiKey.Kind[] KINDS = ApiKey.Kind.values();
  private static final int ID_CHARACTERS = 10;
  private static final int SECRET_CHARACTERS = 32;
  private static final int CRC_CHARACTERS = 6;

  /// The first character of each part after the kind counts from here.
  private static final int KIND_FROM = 3;

  private static final int TAIL = 1 + ID_CHARACTERS + 1 + SECRET_CHARACTERS + 1 + CRC_CHARACTERS;
  private static final int LENGTH_MIN = KIND_FROM + 4 + TAIL;
  private static final int LENGTH_MAX = KIND_FROM + 5 + TAIL;

  private KeyFormat() {}

  /// Reads a key's text; null when it is not one, its checksum included. No I/O.
  public static @Nullable PresentedKey parse(String text) {
    if (text.length() < LENGTH_MIN || text.length() > LENGTH_MAX) {
      return null;
    }
    // One byte a character; anything beyond Latin-1 becomes '?', which is no base62 digit.
    byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
    ApiKey.Kind kind = kind(ascii);
    if (kind == null) {
      return null;
    }
    int idFrom = KIND_FROM + word(kind).length() + 1;
    int secretFrom = idFrom + ID_CHARACTERS + 1;
    int crcFrom = secretFrom + SECRET_CHARACTERS + 1;
    if (ascii.length != crcFrom + CRC_CHARACTERS
        || ascii[idFrom - 1] != '_'
        || ascii[secretFrom - 1] != '_'
        || ascii[crcFrom - 1] != '_'
        || !digits(ascii, idFrom, ID_CHARACTERS)
        || !digits(ascii, secretFrom, SECRET_CHARACTERS)
        || !checksumFits(ascii, crcFrom)) {
      return null;
    }
    return new PresentedKey(kind, "key_" + text.substring(idFrom, secretFrom - 1), ascii);
  }

  /// A new id, `key_` and ten random characters.
  public static String newId(SecureRandom random) {
    byte[] id = new byte[ID_CHARACTERS];
    Base62.random(random, id, 0, id.length);
    return "key_" + new String(id, StandardCharsets.US_ASCII);
  }

  /// A new text for the key `id` with 190 bits of fresh secret.
  public static Secret newText(ApiKey.Kind kind, String id, SecureRandom random) {
    String head = "gw_" + word(kind) + "_" + id.substring("key_".length()) + "_";
    byte[] ascii = new byte[head.length() + SECRET_CHARACTERS + 1 + CRC_CHARACTERS];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, ascii, 0, head.length());
    Base62.random(random, ascii, head.length(), SECRET_CHARACTERS);
    int crcFrom = ascii.length - CRC_CHARACTERS;
    ascii[crcFrom - 1] = '_';
    Base62.write(checksum(ascii, crcFrom - 1), ascii, crcFrom, CRC_CHARACTERS);
    return Secret.of(new String(ascii, StandardCharsets.US_ASCII));
  }

  /// The kind as it stands in a key's text, in JSON and in the database.
  public static String word(ApiKey.Kind kind) {
    return switch (kind) {
      case LIVE -> "live";
      case TEST -> "test";
      case ADMIN -> "admin";
    };
  }

  /// The reverse of [#word]; null for any other word.
  public static ApiKey.@Nullable Kind kindOf(String word) {
    return switch (word) {
      case "live" -> ApiKey.Kind.LIVE;
      case "test" -> ApiKey.Kind.TEST;
      case "admin" -> ApiKey.Kind.ADMIN;
      default -> null;
    };
  }

  private static ApiKey.@Nullable Kind kind(byte[] ascii) {
    if (ascii[0] != 'g' || ascii[1] != 'w' || ascii[2] != '_') {
      return null;
    }
    for (ApiKey.Kind kind : KINDS) {
      if (startsWith(ascii, KIND_FROM, word(kind))) {
        return kind;
      }
    }
    return null;
  }

  private static boolean startsWith(byte[] ascii, int from, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (ascii[from + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean digits(byte[] ascii, int from, int length) {
    for (int at = from; at < from + length; at++) {
      if (!Base62.isDigit(ascii[at])) {
        return false;
      }
    }
    return true;
  }

  private static boolean checksumFits(byte[] ascii, int crcFrom) {
    byte[] expected = new byte[CRC_CHARACTERS];
    Base62.write(checksum(ascii, crcFrom - 1), expected, 0, CRC_CHARACTERS);
    for (int i = 0; i < CRC_CHARACTERS; i++) {
      if (expected[i] != ascii[crcFrom + i]) {
        return false;
      }
    }
    return true;
  }

  private static long checksum(byte[] ascii, int length) {
    CRC32 crc = new CRC32();
    crc.update(ascii, 0, length);
    return crc.getValue();
  }
}
