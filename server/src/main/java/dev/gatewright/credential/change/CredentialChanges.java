package dev.gatewright.credential.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.CredentialStore;
import dev.gatewright.credential.Destination.Fit;
import dev.gatewright.credential.Fingerprints;
import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.id.Ids;
import dev.gatewright.key.change.Rights;
import dev.gatewright.rest.Permission;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The one way credentials are stored and changed: sealed first, then one transaction with its
/// audit entry and its change number. Blocks; thread-safe.
public final class CredentialChanges {
  /// A shorter secret would be half told by its last characters.
  private static final int SHOWN_LENGTH_MIN = 16;

  private static final int SHOWN = 4;

  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Keyring keyring;
  private final Fingerprints fingerprints;
  private final Time time;

  public CredentialChanges(
      Database database,
      ChangeFeed feed,
      AuditLog audit,
      Keyring keyring,
      Fingerprints fingerprints,
      Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.keyring = keyring;
    this.fingerprints = fingerprints;
    this.time = time;
  }

  /// What storing one came to.
  sealed interface Made {
    record Good(Credential credential) implements Made {}

    /// There is one for this place already.
    record Taken(String id) implements Made {}

    record NoProject() implements Made {}

    record Full() implements Made {}
  }

  Made create(ApiCaller caller, CredentialRequest.Checked wanted, Fit.Good fit) {
    long now = time.millis();
    String organization = caller.tenant().organizationId();
    String id = Ids.uuid7("cred_", now);
    Credential made =
        new Credential(
            id,
            organization,
            wanted.projectId(),
            wanted.name(),
            wanted.kind(),
            wanted.provider(),
            fit.origin(),
            sealed(organization, wanted.projectId(), id, fit),
            last4(fit.secret().expose()),
            fingerprints.of(organization, fit.secret()),
            fit.shelf(),
            caller.id(),
            now,
            now,
            1);
    return write(
        caller,
        handle -> {
          if (wanted.projectId() != null
              && !CredentialStore.hasProject(
                  handle, new Tenant(organization, wanted.projectId()))) {
            return new Made.NoProject();
          }
          Optional<Credential> there =
              CredentialStore.at(
                  handle,
                  organization,
                  wanted.projectId(),
                  new Place(wanted.kind(), wanted.provider()));
          if (there.isPresent()) {
            return new Made.Taken(there.get().id());
          }
          if (CredentialStore.count(handle, organization) >= CredentialStore.CREDENTIALS_MAX) {
            return new Made.Full();
          }
          CredentialStore.insert(handle, made);
          record(handle, caller, made, "credential.create", about(made));
          return new Made.Good(made);
        });
  }

  /// @param guard asked with what is there, before anything is changed
  Optional<Credential> rename(
      ApiCaller caller, String id, String name, Consumer<Credential> guard) {
    return change(
        caller,
        id,
        guard,
        (handle, before) -> {
          if (before.name().equals(name)) {
            return;
          }
          CredentialStore.update(handle, named(before, name));
          ObjectNode detail = AuditLog.detail().put("before", before.name()).put("after", name);
          record(handle, caller, before, "credential.edit", detail);
        });
  }

  /// Puts another secret in place of the one that is there, bound to where its provider stands now.
  Optional<Credential> replace(
      ApiCaller caller, Credential of, Fit.Good fit, Consumer<Credential> guard) {
    String organization = caller.tenant().organizationId();
    String sealed = sealed(organization, of.projectId(), of.id(), fit);
    long now = time.millis();
    return change(
        caller,
        of.id(),
        guard,
        (handle, before) -> {
          Credential after =
              new Credential(
                  before.id(),
                  organization,
                  before.projectId(),
                  before.name(),
                  before.kind(),
                  before.provider(),
                  fit.origin(),
                  sealed,
                  last4(fit.secret().expose()),
                  fingerprints.of(organization, fit.secret()),
                  before.shelf(),
                  before.createdBy(),
                  before.createdMillis(),
                  now,
                  before.version());
          CredentialStore.update(handle, after);
          record(handle, caller, after, "credential.replace", about(after));
        });
  }

  /// False when there is none.
  boolean remove(ApiCaller caller, String id, Consumer<Credential> guard) {
    return write(
        caller,
        handle -> {
          String organization = caller.tenant().organizationId();
          Optional<Credential> before = CredentialStore.find(handle, organization, id);
          if (before.isEmpty()) {
            return false;
          }
          guard.accept(before.get());
          CredentialStore.delete(handle, organization, id);
          record(handle, caller, before.get(), "credential.delete", about(before.get()));
          return true;
        });
  }

  Optional<Credential> find(String organizationId, String id) {
    return database.read(handle -> CredentialStore.find(handle, organizationId, id));
  }

  List<Credential> all(String organizationId) {
    return database.read(handle -> CredentialStore.all(handle, organizationId));
  }

  /// The secret of one, to be sent where it is bound to.
  Opened open(Credential stored) {
    return keyring.open(
        stored.organizationId(), Credential.PURPOSE, stored.context(), stored.sealed());
  }

  /// Under the organization's lock, by who still may.
  private <T> T write(ApiCaller caller, Database.Work<T> work) {
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      Rights.require(handle, caller, Permission.CREDENTIAL_WRITE, time.millis());
      return work.run(handle);
    });
  }

  private interface Step {
    void take(Handle handle, Credential before);
  }

  private Optional<Credential> change(
      ApiCaller caller, String id, Consumer<Credential> guard, Step step) {
    String organization = caller.tenant().organizationId();
    return write(
        caller,
        handle -> {
          Optional<Credential> before = CredentialStore.find(handle, organization, id);
          if (before.isEmpty()) {
            return before;
          }
          guard.accept(before.get());
          step.take(handle, before.get());
          return CredentialStore.find(handle, organization, id);
        });
  }

  private void record(
      Handle handle, ApiCaller caller, Credential about, String action, ObjectNode detail) {
    String organization = caller.tenant().organizationId();
    Tenant tenant =
        about.projectId() == null ? caller.tenant() : new Tenant(organization, about.projectId());
    audit.append(handle, tenant, caller.actor(), action, about.id(), detail);
    feed.append(handle, CredentialDirectory.CHANGE_KIND, organization, about.id());
  }

  private static ObjectNode about(Credential credential) {
    return AuditLog.detail()
        .put("name", credential.name())
        .put("kind", credential.kind().word())
        .put("provider", credential.provider())
        .put("origin", credential.origin())
        .put("fingerprint", credential.fingerprint());
  }

  private String sealed(String organization, @Nullable String projectId, String id, Fit.Good fit) {
    byte[] context = Credential.context(fit.origin(), organization, projectId, id);
    return keyring.seal(organization, Credential.PURPOSE, context, fit.secret());
  }

  private static Credential named(Credential of, String name) {
    return new Credential(
        of.id(),
        of.organizationId(),
        of.projectId(),
        name,
        of.kind(),
        of.provider(),
        of.origin(),
        of.sealed(),
        of.last4(),
        of.fingerprint(),
        of.shelf(),
        of.createdBy(),
        of.createdMillis(),
        of.secretMillis(),
        of.version());
  }

  private static String last4(String secret) {
    return secret.length() < SHOWN_LENGTH_MIN ? "" : secret.substring(secret.length() - SHOWN);
  }
}
