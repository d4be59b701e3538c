package dev.gatewright.key;

import dev.gatewright.Keys;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Extent;
import dev.gatewright.account.Principal;
import dev.gatewright.account.Tenant;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.audit.AuditFilter;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyGuard;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.policy.Rule;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Everything about keys of one process, over a real database, with a clock a test can move.
public final class TestKeys implements AutoCloseable {
  public static final Secret MASTER = Secret.of("Xw4pS9mT1eYcVb7kQz0uHn2LrJ5gDa8fOiK3tMxN6sE");
  public static final InetAddress CLIENT = address("192.0.2.1");

  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicLong wallOffsetMillis = new AtomicLong();
  private final AtomicLong steadyOffsetNanos = new AtomicLong();
  public final Time time =
      new Time(
          () -> Instant.now().plusMillis(wallOffsetMillis.get()),
          () -> System.nanoTime() + steadyOffsetNanos.get());
  public final Database database;
  public final ChangeFeed feed;
  public final Keys keys;

  public TestKeys(Database database) {
    this.database = database;
    this.feed = ChangeFeed.start(database, Time.system());
    this.keys = Keys.start(database, feed, master(), time);
  }

  public static MasterKey master() {
    return MasterKey.of(MASTER, "test");
  }

  /// Moves both clocks forward.
  public void pass(Duration duration) {
    wallOffsetMillis.addAndGet(duration.toMillis());
    steadyOffsetNanos.addAndGet(duration.toNanos());
  }

  /// Waits until the poll, too, has told of every change so far: after that nothing drops a key
  /// from memory but a new change.
  public void settle() {
    AtomicInteger heard = new AtomicInteger();
    String kind = "probe" + probes.incrementAndGet();
    feed.listen(kind, _ -> heard.incrementAndGet());
    database.write(handle -> feed.append(handle, kind, null, "probe"));
    Await.until(() -> heard.get() >= 2);
  }

  public Tenant owner() {
    return keys.first().owner();
  }

  /// The command line's calls.
  public ApiCaller local() {
    return caller(owner(), LocalAdmin.ACTOR);
  }

  public static ApiCaller caller(Tenant tenant, String keyId) {
    Principal principal =
        keyId.equals(LocalAdmin.ACTOR)
            ? new Principal.Local()
            : new Principal.KeyHolder(keyId, List.of(), List.of());
    return new ApiCaller(principal, tenant, Extent.ALL, "req_test", "192.0.2.7", "");
  }

  public KeyChanges.Made make(ApiKey.Kind kind, Rule... rules) {
    return make(new NewKey(owner(), kind, "test", 0, null, List.of(rules)));
  }

  public KeyChanges.Made make(NewKey wanted) {
    KeyChanges.Creation made = keys.changes().create(wanted, caller(wanted.tenant(), "local"));
    return ((KeyChanges.Creation.Good) made).made();
  }

  public KeyChanges.Outcome enable(String id, boolean enabled) {
    return keys.changes().enable(local(), id, enabled, KeyGuard.NONE);
  }

  public void revoke(KeyChanges.Made made) {
    keys.changes().revoke(local(), made.key().id(), KeyGuard.NONE);
  }

  public KeyChanges.Outcome.Rotated rotate(String id, Duration grace) {
    return (KeyChanges.Outcome.Rotated) keys.changes().rotate(local(), id, grace, KeyGuard.NONE);
  }

  public StoredKey stored(String id) {
    return keys.lists().find(owner().organizationId(), id).orElseThrow();
  }

  /// What the owner's chain holds, oldest first.
  public List<AuditEntry> audit() {
    return keys.audit().list(database, owner().organizationId(), AuditFilter.all()).reversed();
  }

  public KeyLookup find(Secret text) {
    return find(keys.directory(), text.expose(), CLIENT);
  }

  public static KeyLookup find(KeyDirectory directory, String text, InetAddress client) {
    CompletableFuture<KeyLookup> found = new CompletableFuture<>();
    directory.find(text, client, found::complete);
    return found.orTimeout(20, TimeUnit.SECONDS).join();
  }

  public static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException notLiteral) {
      throw new IllegalArgumentException(literal, notLiteral);
    }
  }

  @Override
  public void close() {
    keys.close();
    feed.close();
  }
}
