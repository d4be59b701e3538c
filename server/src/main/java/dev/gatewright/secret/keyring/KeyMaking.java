package dev.gatewright.secret.keyring;

import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.Optional;

/// Makes keys: each once, however many processes want it at the same time, and wrapped with a
/// master key that is not being retired. Blocks; thread-safe.
final class KeyMaking {
  /// How often a master key may be changed under us.
  private static final int TRIES = 3;

  private final Database database;
  private final Wrappers wrappers;
  private final Time time;

  KeyMaking(Database database, Wrappers wrappers, Time time) {
    this.database = database;
    this.wrappers = wrappers;
    this.time = time;
  }

  /// Keeps `key` under `id` unless there is one already; the version before then seals no more.
  ///
  /// @return the one that counts, perhaps another process's
  /// @throws KeysUnavailable when it cannot be wrapped now
  DataKey make(DataKey.Id id, byte[] key) {
    for (int tried = 0; tried < TRIES; tried++) {
      KeyWrapper wrapper = wrappers.active();
      DataKey made = new DataKey(id, wrapper.id(), wrapped(wrapper, key, id));
      Optional<DataKey> kept =
          database.write(handle -> {
            if (!KeyringStore.hold(handle, wrapper.id())) {
              return Optional.empty();
            }
            KeyringStore.insert(handle, made, 0, time.millis());
            KeyringStore.endSealing(
                handle, new DataKey.Id(id.organizationId(), id.purpose(), id.version() - 1));
            return KeyringStore.find(handle, id);
          });
      if (kept.isPresent()) {
        return kept.get();
      }
      wrappers.activate(
          database
              .read(KeyringStore::snapshot)
              .active()
              .map(Kek::id)
              .orElseThrow(() -> new KeysUnavailable("no master key is active")));
    }
    throw new KeysUnavailable("the master key is being changed");
  }

  static KeyWrapper.Wrapped wrapped(KeyWrapper wrapper, byte[] key, DataKey.Id id) {
    return switch (wrapper.wrap(key, id.context())) {
      case KeyWrapper.Wrapping.Done done -> done.wrapped();
      case KeyWrapper.Wrapping.Unavailable away -> throw new KeysUnavailable(away.reason());
    };
  }
}
