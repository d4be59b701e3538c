package dev.gatewright.budget;

import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.account.Tenant;
import dev.gatewright.budget.BudgetStore.Dated;
import dev.gatewright.price.fare.HardBudgets;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All budgets, in memory: what stands behind a call, and what counts it. An organization's are
/// read anew when one of them is changed on whatever replica, which takes a second at most.
/// Thread-safe; blocks no event loop.
public final class Budgets implements HardBudgets {
  /// The feed's word for budgets.
  public static final String KIND = "budget";

  private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

  private final Database database;

  /// By organization, then by what they are on.
  private final Map<String, Map<String, List<Dated>>> all = new ConcurrentHashMap<>();

  private final Set<String> due = ConcurrentHashMap.newKeySet();
  private final ReentrantLock turn = new ReentrantLock();

  private Budgets(Database database) {
    this.database = database;
  }

  /// Blocks for a moment.
  ///
  /// @param database by its lane for look-ups
  public static Budgets start(Database database, ChangeFeed feed) {
    Budgets budgets = new Budgets(database);
    feed.listen(KIND, change -> budgets.later(change.organizationId()));
    // Its zone may be another.
    feed.listen(
        ClosedOrganizations.CHANGE_KIND,
        change -> {
          String organization = change.organizationId();
          if (organization != null && budgets.all.containsKey(organization)) {
            budgets.later(organization);
          }
        });
    feed.listenGap(() -> budgets.later(null));
    budgets.load(null);
    return budgets;
  }

  /// Whoever tells has no time to read.
  private void later(@Nullable String organizationId) {
    if (organizationId == null) {
      Thread.ofVirtual().name("budgets").start(() -> read(null));
    } else if (due.add(organizationId)) {
      Thread.ofVirtual().name("budgets").start(() -> read(organizationId));
    }
  }

  private void read(@Nullable String organizationId) {
    if (organizationId != null) {
      due.remove(organizationId);
    }
    try {
      load(organizationId);
    } catch (RuntimeException failed) {
      LOG.warn("budgets could not be read anew: {}", failed.getMessage());
    }
  }

  private void load(@Nullable String organizationId) {
    turn.lock();
    try {
      Map<String, Map<String, List<Dated>>> read = new HashMap<>();
      for (Dated each : database.read(handle -> BudgetStore.all(handle, organizationId))) {
        read.computeIfAbsent(each.budget().organizationId(), _ -> new HashMap<>())
            .computeIfAbsent(each.budget().on(), _ -> new ArrayList<>(1))
            .add(each);
      }
      if (organizationId == null) {
        all.keySet().retainAll(read.keySet());
        all.putAll(read);
      } else if (read.isEmpty()) {
        all.remove(organizationId);
      } else {
        all.putAll(read);
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public List<BudgetWindow> behind(
      Tenant tenant, String keyId, @Nullable String personId, long atMillis) {
    Map<String, List<Dated>> bySubject = all.get(tenant.organizationId());
    if (bySubject == null) {
      return List.of();
    }
    List<BudgetWindow> windows = new ArrayList<>(2);
    for (Dated dated : on(bySubject, tenant, keyId, personId)) {
      if (dated.budget().hard()) {
        Window window = dated.window(atMillis);
        windows.add(
            new BudgetWindow(
                Budget.purse(dated.budget().id(), window.startMillis()), window.endMillis()));
      }
    }
    return windows;
  }

  /// Whatever counts a call, hard and soft.
  List<Dated> counting(Tenant tenant, String keyId, @Nullable String personId) {
    Map<String, List<Dated>> bySubject = all.get(tenant.organizationId());
    return bySubject == null ? List.of() : on(bySubject, tenant, keyId, personId);
  }

  private static List<Dated> on(
      Map<String, List<Dated>> bySubject, Tenant tenant, String keyId, @Nullable String personId) {
    List<Dated> found = new ArrayList<>(2);
    found.addAll(bySubject.getOrDefault(keyId, List.of()));
    if (personId != null && !personId.isEmpty()) {
      found.addAll(bySubject.getOrDefault(personId, List.of()));
    }
    found.addAll(bySubject.getOrDefault(tenant.projectId(), List.of()));
    found.addAll(bySubject.getOrDefault(tenant.organizationId(), List.of()));
    return found;
  }
}
