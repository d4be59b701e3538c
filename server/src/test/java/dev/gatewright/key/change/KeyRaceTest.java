package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.audit.AuditFilter;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;

/// Two acts on one key at once, on two replicas: what comes out is what one order of them makes.
class KeyRaceTest {
  private enum Act {
    DISABLE,
    ENABLE,
    ROTATE,
    REVOKE,
    EDIT;

    KeyChanges.Outcome on(TestKeys replica, String id) {
      KeyChanges changes = replica.keys.changes();
      return switch (this) {
        case DISABLE -> changes.enable(replica.local(), id, false, KeyGuard.NONE);
        case ENABLE -> changes.enable(replica.local(), id, true, KeyGuard.NONE);
        case ROTATE -> changes.rotate(replica.local(), id, Duration.ofHours(1), KeyGuard.NONE);
        case REVOKE -> changes.revoke(replica.local(), id, KeyGuard.NONE);
        case EDIT ->
            changes.edit(
                replica.local(),
                id,
                new KeyEdit(JsonNodeFactory.instance.objectNode().put("name", "edited")),
                KeyGuard.NONE);
      };
    }
  }

  /// All that can be told of a key and of what happened to it.
  private record Ending(
      boolean enabled,
      boolean revoked,
      String name,
      int secrets,
      long version,
      List<String> audited,
      String first,
      String second) {}

  @EachDatabase
  void two_acts_at_once_come_out_as_one_after_the_other(TestStore store) {
    everyPair(store, 6);
  }

  @EachDatabase
  @Tag("long")
  void two_acts_at_once_come_out_as_one_after_the_other_two_hundred_times(TestStore store) {
    everyPair(store, 200);
  }

  private static void everyPair(TestStore store, int times) {
    boolean shared = store.database().kind() == Database.Kind.POSTGRES;
    try (TestKeys one = new TestKeys(store.database());
        TestKeys two = new TestKeys(shared ? store.open() : store.database());
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (Act first : Act.values()) {
        for (Act second : Act.values()) {
          if (first.compareTo(second) > 0) {
            continue;
          }
          for (boolean enabled : List.of(true, false)) {
            List<Ending> orders =
                List.of(
                    inTurn(one, two, first, second, enabled),
                    inOtherTurn(one, two, first, second, enabled));
            for (int i = 0; i < times / 2; i++) {
              assertThat(atOnce(one, two, threads, first, second, enabled))
                  .as("%s and %s on a key that is enabled: %s", first, second, enabled)
                  .isIn(orders);
            }
          }
        }
      }
      assertThat(one.keys.audit().verify(store.database(), one.owner().organizationId()))
          .isInstanceOf(AuditLog.Walk.Intact.class);
    }
  }

  private static String key(TestKeys one, boolean enabled) {
    String id = one.make(ApiKey.Kind.LIVE).key().id();
    if (!enabled) {
      one.enable(id, false);
    }
    return id;
  }

  private static Ending inTurn(TestKeys one, TestKeys two, Act first, Act second, boolean enabled) {
    String id = key(one, enabled);
    KeyChanges.Outcome before = first.on(one, id);
    return ending(one, id, before, second.on(two, id));
  }

  private static Ending inOtherTurn(
      TestKeys one, TestKeys two, Act first, Act second, boolean enabled) {
    String id = key(one, enabled);
    KeyChanges.Outcome before = second.on(two, id);
    return ending(one, id, first.on(one, id), before);
  }

  private static Ending atOnce(
      TestKeys one, TestKeys two, ExecutorService threads, Act first, Act second, boolean enabled) {
    String id = key(one, enabled);
    CyclicBarrier start = new CyclicBarrier(2);
    CompletableFuture<KeyChanges.Outcome> left =
        CompletableFuture.supplyAsync(() -> after(start, () -> first.on(one, id)), threads);
    CompletableFuture<KeyChanges.Outcome> right =
        CompletableFuture.supplyAsync(() -> after(start, () -> second.on(two, id)), threads);
    return ending(one, id, left.join(), right.join());
  }

  private interface Doing {
    KeyChanges.Outcome run();
  }

  private static KeyChanges.Outcome after(CyclicBarrier start, Doing doing) {
    try {
      start.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
    return doing.run();
  }

  private static Ending ending(
      TestKeys one, String id, KeyChanges.Outcome first, KeyChanges.Outcome second) {
    StoredKey key = one.stored(id);
    List<String> audited = new ArrayList<>();
    AuditFilter about = new AuditFilter(null, null, id, null, null, null, 50);
    for (AuditEntry entry :
        one.keys.audit().list(one.database, one.owner().organizationId(), about).reversed()) {
      audited.add(entry.action());
    }
    return new Ending(
        key.key().enabled(),
        key.key().revokedMillis() != null,
        key.key().name(),
        key.secrets().size(),
        key.version(),
        audited,
        first.getClass().getSimpleName(),
        second.getClass().getSimpleName());
  }
}
