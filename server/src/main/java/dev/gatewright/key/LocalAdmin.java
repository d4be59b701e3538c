package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;

/// The admin key of this start, for the command line on the same machine: made in memory, written
/// to `DATA/server.json` by the start, never to a database; it ends with the process. Acts for the
/// platform owner. Immutable; thread-safe.
public final class LocalAdmin {
  /// Its id in logs. No key in the database can have it: theirs have ten characters.
  public static final String ID = "key_local";

  /// Stands in `created_by` and as the actor in the audit chain.
  public static final String ACTOR = "local";

  private final ApiKey key;
  private final Secret text;
  private final PresentedKey presented;

  private LocalAdmin(ApiKey key, Secret text) {
    this.key = key;
    this.text = text;
    this.presented = Objects.requireNonNull(KeyFormat.parse(text.expose()));
  }

  /// @param owner the platform owner's organization and project
  public static LocalAdmin mint(Tenant owner, Time time) {
    SecureRandom random = new SecureRandom();
    ApiKey key =
        new ApiKey(
            ID,
            owner,
            ApiKey.Kind.ADMIN,
            ACTOR,
            true,
            ACTOR,
            time.millis(),
            0,
            null,
            null,
            List.of());
    return new LocalAdmin(
        key, KeyFormat.newText(ApiKey.Kind.ADMIN, KeyFormat.newId(random), random));
  }

  /// For `server.json`.
  public Secret text() {
    return text;
  }

  public ApiKey key() {
    return key;
  }

  /// True for the key of this start; constant-time.
  public boolean matches(PresentedKey other) {
    return other.kind() == ApiKey.Kind.ADMIN
        && MessageDigest.isEqual(presented.ascii(), other.ascii());
  }

  /// True when a call came with the local key, so that it acts for the platform owner.
  public static boolean is(ApiKey key) {
    return key.id().equals(ID);
  }

  /// Who did it, as the audit chain and `created_by` say it.
  public static String actor(ApiKey key) {
    return is(key) ? ACTOR : key.id();
  }
}
