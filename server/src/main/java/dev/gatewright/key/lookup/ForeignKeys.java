package dev.gatewright.key.lookup;

import dev.gatewright.key.ForeignFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.KnownKey;
import dev.gatewright.key.PresentedKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keys of other gates: those imported into the store, and those of the watched file, which live
/// here in memory. A foreign key's id is made of its text by the pepper, so that a look-up goes by
/// id like that of our own keys, and none is made while there is no foreign key. Thread-safe.
public final class ForeignKeys {
  /// The feed's word for: keys were imported.
  public static final String CHANGE_KIND = "foreign_keys";

  private final KeyPepper pepper;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  /// True once the store may hold an imported key.
  private volatile boolean imported;

  private volatile Map<String, KnownKey> file = Map.of();

  private ForeignKeys(KeyPepper pepper) {
    this.pepper = pepper;
  }

  /// Blocks while the store is asked whether there are any.
  public static ForeignKeys open(Database database, ChangeFeed feed, KeyPepper pepper) {
    ForeignKeys keys = new ForeignKeys(pepper);
    feed.listen(CHANGE_KIND, _ -> keys.imported = true);
    // Changes were missed, so perhaps an import: looking up in vain costs little.
    feed.listenGap(() -> keys.imported = true);
    if (database.read(KeyStore::anyImported)) {
      keys.imported = true;
    }
    return keys;
  }

  /// None in the store, none in a file.
  static ForeignKeys none(KeyPepper pepper) {
    return new ForeignKeys(pepper);
  }

  /// Reads a foreign key's text; null while there are none, and for what can be none.
  public @Nullable PresentedKey present(String text) {
    if ((!imported && file.isEmpty()) || ForeignFormat.fault(text) != null) {
      return null;
    }
    byte[] ascii = ForeignFormat.bytes(text);
    return PresentedKey.foreign(pepper.foreignId(ForeignFormat.sha256(ascii)), ascii);
  }

  /// True when the store may hold some.
  boolean inStore() {
    return imported;
  }

  /// A key of the watched file, or null.
  public @Nullable KnownKey inFile(String id) {
    return file.get(id);
  }

  /// As REST shows it; when it was last used is what this process knows of it.
  public Optional<StoredKey> find(String organizationId, String id) {
    return Optional.ofNullable(file.get(id))
        .filter(known -> known.key().tenant().organizationId().equals(organizationId))
        .map(KnownKey::shown);
  }

  /// The file's keys of an organization, in no order.
  public List<StoredKey> list(String organizationId) {
    return file.values().stream()
        .filter(known -> known.key().tenant().organizationId().equals(organizationId))
        .map(KnownKey::shown)
        .toList();
  }

  /// `listener` hears the id of each key of the file that is changed, gone or expired.
  void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /// Puts another content of the file in force, then tells of what differs.
  public void replaceFile(List<StoredKey> keys) {
    Map<String, KnownKey> before = file;
    Map<String, KnownKey> after = new HashMap<>();
    for (StoredKey stored : keys) {
      KnownKey old = before.get(stored.key().id());
      KnownKey now =
          old != null && old.key().equals(stored.key())
              ? old
              : new KnownKey(stored, pepper.id(), 0);
      if (old != null) {
        now.usedMillis = old.usedMillis;
      }
      after.put(stored.key().id(), now);
    }
    file = Map.copyOf(after);
    List<String> changed = new ArrayList<>();
    before.forEach((id, known) -> {
      if (after.get(id) != known) {
        changed.add(id);
      }
    });
    changed.forEach(this::tell);
  }

  /// Tells of keys whose end came after `fromMillis`, and not after `toMillis`.
  public void tellExpired(long fromMillis, long toMillis) {
    file.forEach((id, known) -> {
      Long expires = known.key().expiresMillis();
      if (expires != null && expires > fromMillis && expires <= toMillis) {
        tell(id);
      }
    });
  }

  private void tell(String id) {
    listeners.forEach(listener -> listener.accept(id));
  }
}
