package dev.gatewright.secret.rotation;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.secret.keyring.Rotation;
import org.jdbi.v3.core.Handle;

/// Entries in the platform's audit chain about its master key.
///
/// @param platform the platform owner's organization
record RotationEntries(AuditLog audit, Tenant platform, Actor actor) implements Rotation.Journal {
  @Override
  public void lock(Handle handle) {
    audit.lock(handle, platform);
  }

  @Override
  public void begun(Handle handle, String from, String to) {
    audit.append(
        handle, platform, actor, "secrets.rotate", to, AuditLog.detail().put("from", from));
  }

  @Override
  public void ended(Handle handle, String retired) {
    audit.append(handle, platform, actor, "secrets.retire", retired, AuditLog.detail());
  }
}
