package dev.gatewright.room.provider;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the bearer of a join token may do.
public enum Role {
  /// Runs the room.
  OWNER,
  /// Sends and receives.
  SPEAKER,
  /// Receives.
  VIEWER;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static @Nullable Role of(String id) {
    for (Role role : values()) {
      if (role.id().equals(id)) {
        return role;
      }
    }
    return null;
  }
}
