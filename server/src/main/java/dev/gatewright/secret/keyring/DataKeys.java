package dev.gatewright.secret.keyring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.secret.SealingKey;
import dev.gatewright.store.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The data keys of organizations: unwrapped ones in memory, bounded in number and kept while there
/// is room, so that those in use go on while a KMS is away. Thread-safe.
final class DataKeys {
  /// How often other processes may use up what was made for us.
  private static final int TRIES = 20;

  private final Database database;
  private final Wrappers wrappers;
  private final KeyMaking making;
  private final KeyringLimits limits;
  private final Cache<DataKey.Id, SealingKey> held;
  private final Cache<Place, Block> blocks;

  private record Place(String organizationId, String purpose) {}

  /// Uses that are taken but not used yet; guarded by the lock of [#forSealing].
  private static final class Block {
    final DataKey.Id id;
    long left;

    Block(DataKey.Id id, long left) {
      this.id = id;
      this.left = left;
    }
  }

  DataKeys(Database database, Wrappers wrappers, KeyMaking making, KeyringLimits limits) {
    this.database = database;
    this.wrappers = wrappers;
    this.making = making;
    this.limits = limits;
    this.held = Caffeine.newBuilder().maximumSize(limits.heldMax()).executor(Runnable::run).build();
    this.blocks =
        Caffeine.newBuilder().maximumSize(limits.heldMax()).executor(Runnable::run).build();
  }

  /// What asking for a key came to.
  sealed interface Found {
    record Key(SealingKey key) implements Found {}

    record Tampered() implements Found {}

    record Unavailable(String reason) implements Found {}
  }

  /// Null when it is not in memory. Never blocks.
  @Nullable SealingKey held(DataKey.Id id) {
    return held.getIfPresent(id);
  }

  /// Blocks when it is not in memory.
  Found find(DataKey.Id id) {
    SealingKey known = held.getIfPresent(id);
    if (known != null) {
      return new Found.Key(known);
    }
    Optional<DataKey> stored = database.read(handle -> KeyringStore.find(handle, id));
    if (stored.isEmpty()) {
      return new Found.Tampered();
    }
    return switch (wrappers.unwrap(stored.get())) {
      case KeyWrapper.Unwrapping.Tampered _ -> new Found.Tampered();
      case KeyWrapper.Unwrapping.Unavailable away -> new Found.Unavailable(away.reason());
      case KeyWrapper.Unwrapping.Done done -> {
        SealingKey key = new SealingKey(done.key());
        held.put(id, key);
        yield new Found.Key(key);
      }
    };
  }

  /// The key to seal one more value of this purpose with; made at the first. Blocks.
  ///
  /// @throws KeysUnavailable when there is none yet and it cannot be made now
  synchronized DataKey.Id forSealing(String organizationId, String purpose) {
    Place place = new Place(organizationId, purpose);
    Block block = blocks.getIfPresent(place);
    if (block == null || block.left == 0) {
      block = new Block(reserve(organizationId, purpose), limits.usesBlock());
      blocks.put(place, block);
    }
    block.left--;
    return block.id;
  }

  private DataKey.Id reserve(String organizationId, String purpose) {
    for (int tried = 0; tried < TRIES; tried++) {
      Turn turn =
          database.write(handle -> {
            long version = KeyringStore.newest(handle, organizationId, purpose);
            DataKey.Id newest = new DataKey.Id(organizationId, purpose, version);
            return new Turn(newest, reserve(handle, newest));
          });
      if (turn.reserved) {
        return turn.newest;
      }
      making.make(
          new DataKey.Id(organizationId, purpose, turn.newest.version() + 1), SealingKey.newKey());
    }
    throw new KeysUnavailable(
        "the data keys of %s are used up faster than they are made".formatted(organizationId));
  }

  private record Turn(DataKey.Id newest, boolean reserved) {}

  private boolean reserve(Handle handle, DataKey.Id id) {
    return KeyringStore.reserve(handle, id, limits.usesBlock(), limits.usesMax());
  }

  /// Drops what is in memory of an organization. Takes no lock: whoever holds it may wait for the
  /// very thread that tells of the change.
  void forget(String organizationId) {
    held.asMap().keySet().removeIf(id -> id.organizationId().equals(organizationId));
    blocks.asMap().keySet().removeIf(place -> place.organizationId().equals(organizationId));
  }

  /// Drops all of it.
  void forgetAll() {
    held.invalidateAll();
    blocks.invalidateAll();
  }
}
