package dev.gatewright.secret.keyring;

import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeyFile;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.MasterKeyWrapper;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Changes the master key: a new one becomes active, every key is wrapped anew, the former one is
/// retired once nothing needs it. May end anywhere and be taken up again, by any process that has
/// both, and by two at once. Blocks; thread-safe.
public final class Rotation {
  private static final int PAGE_ROWS = 200;

  private static final DataKey.Id BEFORE_ALL = new DataKey.Id("", "", 0);

  private final Keyring keyring;
  private final MasterKeySources sources;
  private final Time time;

  /// Where it is written down that a master key was changed, in the transaction that does so.
  public interface Journal {
    /// The first statement of the transaction.
    void lock(Handle handle);

    void begun(Handle handle, String from, String to);

    void ended(Handle handle, String retired);
  }

  /// What a step came to.
  public sealed interface Outcome {
    /// @param active the master key new keys are wrapped with
    /// @param retiring the former one, while anything is wrapped with it; null = done
    /// @param rewrapped keys that this step wrapped anew
    /// @param remaining keys still wrapped with the former one
    /// @param stuck of these, keys that are not as they were wrapped: they need a look, and keep
    ///   the former master key from being retired
    record Moved(
        String active, @Nullable String retiring, long rewrapped, long remaining, long stuck)
        implements Outcome {}

    /// @param message for the operator: what is missing
    record Refused(String message) implements Outcome {}
  }

  public Rotation(Keyring keyring, MasterKeySources sources, Time time) {
    this.keyring = keyring;
    this.sources = sources;
    this.time = time;
  }

  /// Begins a change if none is under way, and wraps up to `rowsMax` keys anew. A former master key
  /// that nothing needs any more is retired.
  ///
  /// @param rowsMax 0 = begin, and no more
  /// @throws KeysUnavailable when a KMS does not answer now
  public synchronized Outcome step(int rowsMax, Journal journal) {
    KeyringStore.Snapshot before = database().read(KeyringStore::snapshot);
    if (retiring(before) == null) {
      Outcome.Refused refused = begin(before, journal);
      if (refused != null) {
        return refused;
      }
    }
    KeyringStore.Snapshot now = database().read(KeyringStore::snapshot);
    Kek active = now.active().orElseThrow(() -> new KeysUnavailable("no master key is active"));
    Kek old = retiring(now);
    if (old == null) {
      return new Outcome.Moved(active.id(), null, 0, 0, 0);
    }
    keyring.wrappers().activate(active.id());
    KeyWrapper from = keyring.wrappers().find(old.id());
    return from == null
        ? new Outcome.Refused(
            "%s is being retired, but it is not at hand (expected: %s set to it, on this server)"
                .formatted(old.id(), MasterKeySources.FORMER_VARIABLE))
        : move(from, keyring.wrappers().active(), rowsMax, journal);
  }

  /// How the store's master keys stand.
  ///
  /// @param kek one of them
  /// @param dataKeys how many keys it wraps
  /// @param held this process has it
  public record Use(Kek kek, long dataKeys, boolean held) {}

  /// All master keys the store has known, the oldest first.
  public List<Use> status() {
    return status(database(), id -> keyring.wrappers().find(id) != null);
  }

  /// The same where the keyring is sealed.
  public static List<Use> status(Database database, Predicate<String> held) {
    return database.read(handle -> {
      var counts = KeyringStore.counts(handle);
      return KeyringStore.snapshot(handle).keks().values().stream()
          .map(kek -> new Use(kek, counts.getOrDefault(kek.id(), 0L), held.test(kek.id())))
          .toList();
    });
  }

  private Outcome.@Nullable Refused begin(KeyringStore.Snapshot now, Journal journal) {
    String active = now.active().map(Kek::id).orElse("");
    MasterKey next = next(active);
    if (next == null) {
      return new Outcome.Refused(
          "%s holds the active master key (expected: the new one there and the former one in %s, on every server; restart them, then run this again)"
              .formatted(MasterKeySources.VARIABLE, MasterKeySources.FORMER_VARIABLE));
    }
    MasterKeyWrapper wrapper = new MasterKeyWrapper(next);
    String proof = Proof.of(wrapper);
    database()
        .write(handle -> {
          journal.lock(handle);
          // Another replica may have begun: then there is nothing to do but to go on.
          if (KeyringStore.beginToRetire(handle, active)) {
            KeyringStore.activate(handle, wrapper.id(), proof, time.millis());
            journal.begun(handle, active, wrapper.id());
          }
          return true;
        });
    keyring.wrappers().adopt(wrapper);
    return null;
  }

  /// The master key to change to: the one that was given and is not active yet; where it stands in
  /// a file of ours, a new one in its place. Null when there is none.
  private @Nullable MasterKey next(String active) {
    MasterKey current = Objects.requireNonNull(sources.current(), "a keyring was opened with it");
    if (!new MasterKeyWrapper(current).id().equals(active)) {
      return current;
    }
    if (!sources.ownFile()) {
      return null;
    }
    // The former key first: at no moment is a key in use that no file has.
    MasterKeyFile.former(sources.dataFolder()).write(current);
    MasterKey next = MasterKey.random();
    sources.file().write(next);
    return next;
  }

  private Outcome.Moved move(KeyWrapper from, KeyWrapper to, int rowsMax, Journal journal) {
    long rewrapped = 0;
    long stuck = 0;
    DataKey.Id after = BEFORE_ALL;
    while (rewrapped < rowsMax) {
      DataKey.Id last = after;
      List<DataKey> page =
          database().read(handle -> KeyringStore.wrappedWith(handle, from.id(), last, PAGE_ROWS));
      if (page.isEmpty()) {
        break;
      }
      List<Anew> anew = new ArrayList<>();
      for (DataKey key : page) {
        switch (from.unwrap(key.wrapped(), key.id().context())) {
          case KeyWrapper.Unwrapping.Done done ->
              anew.add(new Anew(key, KeyMaking.wrapped(to, done.key(), key.id())));
          case KeyWrapper.Unwrapping.Tampered _ -> stuck++;
          case KeyWrapper.Unwrapping.Unavailable away -> throw new KeysUnavailable(away.reason());
        }
      }
      put(anew, to.id());
      rewrapped += anew.size();
      after = page.getLast().id();
    }
    long remaining = database().read(handle -> KeyringStore.count(handle, from.id()));
    if (remaining == 0) {
      retire(from.id(), journal);
    }
    return new Outcome.Moved(
        to.id(), remaining == 0 ? null : from.id(), rewrapped, remaining, stuck);
  }

  private record Anew(DataKey before, KeyWrapper.Wrapped wrapped) {}

  private void put(List<Anew> anew, String to) {
    boolean put =
        database()
            .write(handle -> {
              if (!KeyringStore.hold(handle, to)) {
                return false;
              }
              anew.forEach(each -> KeyringStore.rewrap(handle, each.before, to, each.wrapped));
              return true;
            });
    if (!put) {
      throw new KeysUnavailable("the master key was changed again meanwhile");
    }
  }

  private void retire(String id, Journal journal) {
    database()
        .write(handle -> {
          journal.lock(handle);
          if (KeyringStore.retire(handle, id, time.millis())) {
            journal.ended(handle, id);
          }
          return true;
        });
  }

  private static @Nullable Kek retiring(KeyringStore.Snapshot snapshot) {
    return snapshot.keks().values().stream()
        .filter(kek -> kek.state() == Kek.State.RETIRING)
        .findFirst()
        .orElse(null);
  }

  private Database database() {
    return keyring.database();
  }
}
