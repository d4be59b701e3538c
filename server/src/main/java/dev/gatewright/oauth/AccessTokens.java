package dev.gatewright.oauth;

import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// The text of a token: `gwo_<key's id>_<end, hex seconds>_<random>_<authentication code>`. Kept
/// nowhere: any process on this store can tell its own, and the key behind it is asked at each use,
/// so that a token ends with its key. Thread-safe.
public final class AccessTokens {
  /// Long enough for a batch of calls, short enough to be found in a log too late.
  public static final Duration LIFE = Duration.ofMinutes(10);

  private static final String PREFIX = "gwo_";
  private static final int CHARACTERS_MAX = 200;
  private static final int RANDOM_BYTES = 9;
  private static final int PARTS = 5;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final SecretKey key;
  private final Time time;
  private final SecureRandom random = new SecureRandom();

  public AccessTokens(PurposeKeys keys, Time time) {
    this.key = keys.purpose("access-token");
    this.time = time;
  }

  /// What a good one says.
  ///
  /// @param keyId `key_…`; how that key stands is to be asked
  public record Granted(String keyId, long issuedMillis, long expiresMillis) {}

  /// A new token for a key that has just proved itself.
  public Secret issue(String keyId) {
    byte[] unique = new byte[RANDOM_BYTES];
    random.nextBytes(unique);
    long expires = (time.millis() + LIFE.toMillis()) / 1000;
    String head =
        PREFIX
            + keyId.substring("key_".length())
            + "_"
            + Long.toHexString(expires)
            + "_"
            + HexFormat.of().formatHex(unique);
    return Secret.of(head + "_" + code(head));
  }

  /// Whether a text may be one of these: no key looks so.
  public static boolean looksLike(String text) {
    return text.startsWith(PREFIX) && text.length() <= CHARACTERS_MAX;
  }

  /// Null when it is none of ours, or has ended.
  public @Nullable Granted read(String text) {
    int last = looksLike(text) ? lastPart(text) : -1;
    if (last < 0) {
      return null;
    }
    String head = text.substring(0, last);
    byte[] shown = text.substring(last + 1).getBytes(StandardCharsets.UTF_8);
    byte[] expected = code(head).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(shown, expected)) {
      return null;
    }
    String[] parts = head.split("_", -1);
    long expires = Long.parseLong(parts[2], 16) * 1000;
    return time.millis() < expires
        ? new Granted("key_" + parts[1], expires - LIFE.toMillis(), expires)
        : null;
  }

  /// Where the code begins; -1 when the parts are not those of a token. Its own alphabet has `_`
  /// too, so that it is found from the front.
  private static int lastPart(String text) {
    int at = -1;
    for (int part = 1; part < PARTS; part++) {
      at = text.indexOf('_', at + 1);
      if (at < 0) {
        return -1;
      }
    }
    return at;
  }

  private String code(String head) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return BASE64.encodeToString(mac.doFinal(head.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", missing);
    }
  }
}
