package dev.gatewright.key;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a start finds or makes: the platform owner's organization and project, and, the very first
/// time, a test key.
///
/// @param owner the platform owner's organization and first project
/// @param testKey the test key's clear text, shown once; null at every start but the first
public record FirstStart(Tenant owner, @Nullable Secret testKey) {
  /// Makes all of it in one transaction, exactly once however many processes start together.
  /// Blocks.
  public static FirstStart run(Database database, KeyChanges keys, AuditLog audit, Time time) {
    return database.write(handle -> {
      AccountStore.First first = AccountStore.first(handle, time.millis());
      Tenant owner = first.tenant();
      if (!first.made()) {
        return new FirstStart(owner, null);
      }
      audit.append(
          handle,
          owner,
          "system",
          "organization.create",
          owner.organizationId(),
          AuditLog.detail());
      NewKey wanted = new NewKey(owner, ApiKey.Kind.TEST, "first test key", 0, null, List.of());
      return new FirstStart(owner, keys.create(handle, wanted, "system").text());
    });
  }
}
