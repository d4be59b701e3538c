package dev.gatewright.credential;

import dev.gatewright.account.Tenant;
import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.store.Database;
import dev.gatewright.store.TenantFacts;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each project may pay with, in memory and sealed. The change feed drops what has changed: at
/// once in this process, within a second on other replicas. Thread-safe; nothing here blocks an
/// event loop.
public final class CredentialDirectory {
  /// The feed's word for what concerns stored credentials.
  public static final String CHANGE_KIND = "credential";

  private static final List<String> KINDS = List.of(CHANGE_KIND, "project", "organization");

  private static final Logger LOG = LoggerFactory.getLogger(CredentialDirectory.class);
  private static final long BYTES_MAX = 32L << 20;

  private final Database database;
  private final Keyring keyring;
  private final TenantFacts<Tenant, ProjectCredentials> views;

  /// What a look came to.
  public sealed interface Found {
    record View(ProjectCredentials credentials) implements Found {}

    record Unavailable(Refusal refusal) implements Found {}
  }

  /// @param database by its lane for look-ups
  public CredentialDirectory(Database database, ChangeFeed feed, Keyring keyring, Time time) {
    this.database = database;
    this.keyring = keyring;
    this.views =
        new TenantFacts<>(
            "credentials", this::read, ProjectCredentials::bytes, BYTES_MAX, _ -> {}, time);
    for (String kind : KINDS) {
      feed.listen(
          kind,
          change -> {
            String organization = change.organizationId();
            views.forget(
                tenant -> organization == null || tenant.organizationId().equals(organization));
          });
    }
    feed.listenGap(() -> views.forget(_ -> true));
  }

  /// Finds what a project may pay with, for event loops. `then` runs once, on `loop`: before this
  /// returns when memory can answer.
  public void find(Tenant tenant, EventExecutor loop, Consumer<Found> then) {
    views.find(tenant, loop, found -> then.accept(told(found)));
  }

  /// The same for virtual threads. Blocks.
  public Found get(Tenant tenant) {
    return told(views.get(tenant));
  }

  private static Found told(TenantFacts.Found<ProjectCredentials> found) {
    return switch (found) {
      case TenantFacts.Found.Value<ProjectCredentials>(ProjectCredentials view) ->
          new Found.View(view);
      case TenantFacts.Found.Unavailable<ProjectCredentials> _ ->
          new Found.Unavailable(
              Refusal.overloaded("Credentials cannot be looked up right now; try again.", 1));
    };
  }

  /// Opens a stored secret from memory alone, about 1 µs; null where [#open] has to be asked.
  public @Nullable Opened openHeld(Credential stored) {
    return keyring.openHeld(
        stored.organizationId(), Credential.PURPOSE, stored.context(), stored.sealed());
  }

  /// Opens a stored secret, for event loops. `then` runs on `loop`, before this returns when memory
  /// can answer and this is the loop.
  public void open(Credential stored, EventExecutor loop, Consumer<Opened> then) {
    Opened held = loop.inEventLoop() ? openHeld(stored) : null;
    if (held != null) {
      then.accept(held);
      return;
    }
    Thread.ofVirtual()
        .name("credentials")
        .start(() -> {
          Opened opened = opened(stored);
          loop.execute(() -> then.accept(opened));
        });
  }

  /// The same for virtual threads. Blocks.
  public Opened opened(Credential stored) {
    try {
      return keyring.open(
          stored.organizationId(), Credential.PURPOSE, stored.context(), stored.sealed());
    } catch (RuntimeException away) {
      LOG.warn("credential {} could not be opened: {}", stored.id(), away.getMessage());
      return new Opened.Unavailable("failed");
    }
  }

  /// Reads a project's, and brings the keys they are sealed with into memory, so that no call waits
  /// for these.
  private ProjectCredentials read(Tenant tenant) {
    ProjectCredentials view = database.read(handle -> CredentialStore.view(handle, tenant));
    view.own().values().forEach(this::opened);
    view.shared().values().forEach(this::opened);
    return view;
  }
}
