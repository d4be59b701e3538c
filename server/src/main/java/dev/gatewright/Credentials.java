package dev.gatewright;

import dev.gatewright.audit.AuditLog;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Destination;
import dev.gatewright.credential.Fingerprints;
import dev.gatewright.credential.change.CredentialApi;
import dev.gatewright.credential.change.CredentialChanges;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.Map;

/// The wiring of stored credentials: those calls go out with, and how they are stored.
public record Credentials(CredentialDirectory directory, CredentialChanges changes) {
  public static Credentials of(
      Database database, ChangeFeed feed, AuditLog audit, Keyring keyring, Time time) {
    return new Credentials(
        new CredentialDirectory(database.on(Lane.LOOK_UPS), feed, keyring, time),
        new CredentialChanges(database, feed, audit, keyring, new Fingerprints(keyring), time));
  }

  /// @param models where credentials for providers of models may go; and so on
  public CredentialApi api(
      Destination.Finder models, Destination.Finder services, Destination.Finder rooms, Time time) {
    return new CredentialApi(
        changes,
        Map.of(
            CredentialKind.PROVIDER, models,
            CredentialKind.SERVICE, services,
            CredentialKind.ROOM, rooms),
        time);
  }
}
