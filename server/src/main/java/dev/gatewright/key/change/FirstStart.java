package dev.gatewright.key.change;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the very first start makes: the platform owner's organization and project, and a test key.
/// Each exactly once, however many processes start together. Thread-safe.
public final class FirstStart {
  private final Database database;
  private final KeyChanges keys;
  private final Time time;
  private final Tenant owner;

  private FirstStart(Database database, KeyChanges keys, Time time, Tenant owner) {
    this.database = database;
    this.keys = keys;
    this.time = time;
    this.owner = owner;
  }

  /// Finds or makes organization and project. Blocks.
  public static FirstStart run(Database database, KeyChanges keys, AuditLog audit, Time time) {
    Tenant owner =
        database.write(handle -> {
          AccountStore.First first = AccountStore.first(handle, time.millis());
          Tenant tenant = first.tenant();
          if (first.made()) {
            audit.append(
                handle,
                tenant,
                Actor.SYSTEM,
                "organization.create",
                tenant.organizationId(),
                AuditLog.detail());
          }
          return tenant;
        });
    return new FirstStart(database, keys, time, owner);
  }

  /// The platform owner's organization and first project.
  public Tenant owner() {
    return owner;
  }

  /// The first test key's clear text; null once any start has taken it. Asked for only when it can
  /// be shown, so that a start which fails half-way leaves it to the next. Blocks.
  public @Nullable Secret takeTestKey() {
    return database
        .write(handle -> {
          if (!AccountStore.takeTestKey(handle, time.millis())) {
            return Taken.NOTHING;
          }
          NewKey wanted = new NewKey(owner, ApiKey.Kind.TEST, "first test key", 0, null, List.of());
          return new Taken(keys.create(handle, wanted, Actor.SYSTEM).text());
        })
        .text();
  }

  private record Taken(@Nullable Secret text) {
    static final Taken NOTHING = new Taken(null);
  }
}
