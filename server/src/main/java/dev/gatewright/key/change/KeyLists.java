package dev.gatewright.key.change;

import dev.gatewright.key.KeyFilter;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.lookup.ForeignKeys;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What keys an organization has: the store's and those of the watched file. Blocks; thread-safe.
public final class KeyLists {
  private final Database database;
  private final ForeignKeys foreign;
  private final Time time;

  public KeyLists(Database database, ForeignKeys foreign, Time time) {
    this.database = database;
    this.foreign = foreign;
    this.time = time;
  }

  public Optional<StoredKey> find(String organizationId, String id) {
    return foreign
        .find(organizationId, id)
        .or(() -> database.read(handle -> KeyStore.find(handle, organizationId, id)));
  }

  /// Whether the watched file has it.
  public boolean ofFile(String organizationId, String id) {
    return foreign.find(organizationId, id).isPresent();
  }

  /// @param more keys follow
  public record Page(List<StoredKey> keys, boolean more) {}

  /// The store's keys and those of the watched file, in one order.
  public Page list(String organizationId, KeyFilter filter) {
    long now = time.millis();
    List<StoredKey> stored = listStored(organizationId, filter);
    List<StoredKey> all = new ArrayList<>();
    Set<String> ofFile = new HashSet<>();
    for (StoredKey key : foreign.list(organizationId)) {
      ofFile.add(key.key().id());
      if (filter.shows(key, now)) {
        all.add(key);
      }
    }
    // What the file owns, it owns: an imported row of the same key is in force again without it.
    stored.stream().filter(key -> !ofFile.contains(key.key().id())).forEach(all::add);
    all.sort(KeyFilter.NEWEST_FIRST);
    // A full page of the store hides what comes after its last row, the file's keys there too.
    boolean full = stored.size() == filter.rowsMax();
    if (full) {
      all.removeIf(key ->
          ofFile.contains(key.key().id())
              && KeyFilter.NEWEST_FIRST.compare(key, stored.getLast()) > 0);
    }
    boolean cut = all.size() > filter.rowsMax();
    return new Page(
        cut ? List.copyOf(all.subList(0, filter.rowsMax())) : List.copyOf(all),
        !all.isEmpty() && (cut || full));
  }

  /// The store's keys alone.
  public List<StoredKey> listStored(String organizationId, KeyFilter filter) {
    long now = time.millis();
    return database.read(handle -> KeyStore.list(handle, organizationId, filter, now));
  }
}
