package dev.gatewright.key;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a key is good for at a moment.
public enum KeyState {
  ACTIVE,
  DISABLED,
  EXPIRED,
  NOT_YET_VALID,
  /// Active, and its former secret still works until the grace ends.
  ROTATING,
  /// For good; kept as a tombstone.
  REVOKED;

  /// As in JSON: `not_yet_valid`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static @Nullable KeyState of(String word) {
    for (KeyState state : values()) {
      if (state.word().equals(word)) {
        return state;
      }
    }
    return null;
  }

  /// True when calls are let in.
  public boolean usable() {
    return this == ACTIVE || this == ROTATING;
  }

  /// The state without regard to rotation, which only the secrets can tell.
  public static KeyState of(ApiKey key, long nowMillis) {
    if (key.revokedMillis() != null) {
      return REVOKED;
    }
    if (!key.enabled()) {
      return DISABLED;
    }
    Long expires = key.expiresMillis();
    if (expires != null && nowMillis >= expires) {
      return EXPIRED;
    }
    return nowMillis < key.notBeforeMillis() ? NOT_YET_VALID : ACTIVE;
  }
}
