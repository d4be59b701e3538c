package dev.gatewright.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as the database has it. Times are epoch milliseconds UTC.
///
/// @param version grows with each change of the key or its secrets; 0 = in no table
/// @param secrets newest first; at most two of them live
/// @param lastUsedMillis lags by up to a minute; null = never
public record StoredKey(
    ApiKey key, long version, List<StoredSecret> secrets, @Nullable Long lastUsedMillis) {
  public StoredKey {
    secrets = List.copyOf(secrets);
  }

  /// One that is in no table.
  public StoredKey(ApiKey key, List<StoredSecret> secrets, @Nullable Long lastUsedMillis) {
    this(key, 0, secrets, lastUsedMillis);
  }

  /// What is kept of a secret: nothing it could be found from.
  ///
  /// @param algorithm how `mac` was made of the text
  /// @param pepperId whose pepper `mac`, or the key's id, was made with
  /// @param mac base64url
  /// @param graceUntilMillis null = the newest, without an end of its own
  public record StoredSecret(
      long ordinal,
      Algorithm algorithm,
      String pepperId,
      String mac,
      @Nullable Long graceUntilMillis) {
    public StoredSecret(
        long ordinal, String pepperId, String mac, @Nullable Long graceUntilMillis) {
      this(ordinal, Algorithm.HMAC, pepperId, mac, graceUntilMillis);
    }

    public boolean liveAt(long nowMillis) {
      return graceUntilMillis == null || nowMillis < graceUntilMillis;
    }
  }

  public enum Algorithm {
    /// HMAC-SHA-256 under the pepper.
    HMAC("hmac-sha256"),
    /// SHA-256 alone, of a key that came hashed: all that is known of it.
    SHA256("sha256");

    private final String word;

    Algorithm(String word) {
      this.word = word;
    }

    /// As in JSON and in the database.
    public String word() {
      return word;
    }

    public static @Nullable Algorithm of(String word) {
      for (Algorithm algorithm : values()) {
        if (algorithm.word.equals(word)) {
          return algorithm;
        }
      }
      return null;
    }
  }

  /// True while a secret that can be guessed opens it: a rotation gives a strong one.
  public boolean weak(long nowMillis) {
    return key.weak()
        && secrets.stream().anyMatch(secret -> secret.ordinal() == 1 && secret.liveAt(nowMillis));
  }

  public KeyState state(long nowMillis) {
    KeyState state = KeyState.of(key, nowMillis);
    return state == KeyState.ACTIVE && graceUntilMillis(nowMillis) != null
        ? KeyState.ROTATING
        : state;
  }

  /// When the former secret ends; null when there is none that still lives.
  public @Nullable Long graceUntilMillis(long nowMillis) {
    for (StoredSecret secret : secrets) {
      Long until = secret.graceUntilMillis();
      if (until != null && nowMillis < until) {
        return until;
      }
    }
    return null;
  }
}
