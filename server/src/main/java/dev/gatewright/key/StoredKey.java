package dev.gatewright.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key as the database has it. Times are epoch milliseconds UTC.
///
/// @param secrets newest first; at most two of them live
/// @param lastUsedMillis lags by up to a minute; null = never
record StoredKey(ApiKey key, List<StoredSecret> secrets, @Nullable Long lastUsedMillis) {
  StoredKey {
    secrets = List.copyOf(secrets);
  }

  /// What is kept of a secret: nothing it could be found from.
  ///
  /// @param mac base64url
  /// @param graceUntilMillis null = the newest, without an end of its own
  record StoredSecret(long ordinal, String pepperId, String mac, @Nullable Long graceUntilMillis) {

    boolean liveAt(long nowMillis) {
      return graceUntilMillis == null || nowMillis < graceUntilMillis;
    }
  }

  KeyState state(long nowMillis) {
    KeyState state = KeyState.of(key, nowMillis);
    return state == KeyState.ACTIVE && graceUntilMillis(nowMillis) != null
        ? KeyState.ROTATING
        : state;
  }

  /// When the former secret ends; null when there is none that still lives.
  @Nullable Long graceUntilMillis(long nowMillis) {
    for (StoredSecret secret : secrets) {
      Long until = secret.graceUntilMillis();
      if (until != null && nowMillis < until) {
        return until;
      }
    }
    return null;
  }
}
