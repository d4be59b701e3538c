package dev.gatewright.secret.keyring;

import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.MasterKeySources;
import dev.gatewright.secret.MasterKeyWrapper;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.UnusableMasterKey;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Opens the keyring of a store: one read. The very first start makes it; the first one on a store
/// from before there was a keyring puts the keys into it that were derived from the master key
/// until then, byte for byte, so that whatever was made with them stays good.
public final class KeyringStart {
  /// Purposes whose keys are derived from the store's first master key, for good: two stores that
  /// begin with one master key understand each other's key codes.
  private static final List<String> DERIVED =
      List.of(
          "key-pepper",
          "audit-chain",
          "audit-anchor",
          "ticket",
          "room-fingerprint",
          "room-secret",
          "cursor");

  private final Database database;
  private final MasterKeySources sources;
  private final Time time;

  private KeyringStart(Database database, MasterKeySources sources, Time time) {
    this.database = database;
    this.sources = sources;
    this.time = time;
  }

  /// Blocks.
  ///
  /// @throws SealedKeyring when the store has keys and the master keys at hand do not open them
  /// @throws UnusableMasterKey when the store is new and no master key can be used or made
  public static Keyring open(Database database, MasterKeySources sources, Time time) {
    return new KeyringStart(database, sources, time).open();
  }

  private Keyring open() {
    KeyringStore.Snapshot snapshot = database.read(KeyringStore::snapshot);
    if (snapshot.keks().isEmpty()) {
      first();
      snapshot = database.read(KeyringStore::snapshot);
    }
    List<MasterKeyWrapper> wrappers = new ArrayList<>();
    masters().forEach(master -> wrappers.add(new MasterKeyWrapper(master)));
    return open(database, snapshot, wrappers, sources.place(), KeyringLimits.DEFAULT, time);
  }

  /// Whether a start would open the keys of a store; changes nothing.
  ///
  /// @param handle on a store whose tables are up to date
  /// @return why it would not; null where it would
  public static @Nullable String judge(Handle handle, MasterKeySources sources) {
    KeyringStore.Snapshot snapshot = KeyringStore.snapshot(handle);
    try {
      List<MasterKeyWrapper> wrappers = new ArrayList<>();
      sources.all().forEach(master -> wrappers.add(new MasterKeyWrapper(master)));
      if (!snapshot.keks().isEmpty()) {
        Keys _ = keys(snapshot, wrappers, sources.place());
      }
      return null;
    } catch (SealedKeyring | UnusableMasterKey wrong) {
      return String.valueOf(wrong.getMessage());
    }
  }

  /// Opens what a snapshot holds with these.
  static Keyring open(
      Database database,
      KeyringStore.Snapshot snapshot,
      List<? extends KeyWrapper> all,
      String place,
      KeyringLimits limits,
      Time time) {
    Keys keys = keys(snapshot, all, place);
    return new Keyring(database, keys.wrappers(), keys.purposes(), limits, time);
  }

  private record Keys(Wrappers wrappers, Map<String, SecretKey> purposes) {}

  private static Keys keys(
      KeyringStore.Snapshot snapshot, List<? extends KeyWrapper> all, String place) {
    Kek active =
        snapshot
            .active()
            .orElseThrow(() -> new SealedKeyring("The store has no active master key."));
    Map<String, KeyWrapper> known =
        all.stream().collect(Collectors.toMap(KeyWrapper::id, each -> each, (one, _) -> one));
    KeyWrapper wrapper = known.get(active.id());
    if (wrapper == null) {
      throw new SealedKeyring(notThis(active.id(), place, all));
    }
    requireProof(wrapper, active);
    Wrappers wrappers = new Wrappers(known.values(), active.id());
    Map<String, SecretKey> purposes = new HashMap<>();
    for (DataKey key : snapshot.platform()) {
      if (!known.containsKey(key.kekId())) {
        throw new SealedKeyring(
            "Some keys are still wrapped with the former master key %s. Set %s to it, then run `gatewright secrets rotate`."
                .formatted(key.kekId(), MasterKeySources.FORMER_VARIABLE));
      }
      purposes.put(key.id().purpose(), Keyring.opened(wrappers, key));
    }
    return new Keys(wrappers, purposes);
  }

  private static String notThis(String active, String place, List<? extends KeyWrapper> all) {
    return all.isEmpty()
        ? "%s is missing, but the store holds keys wrapped with the master key %s. Put it back from a backup, or set %s to it."
            .formatted(place, active, MasterKeySources.VARIABLE)
        : "%s (%s) is not the master key this store's keys are wrapped with (%s). Nothing was changed; start with that one."
            .formatted(place, all.getFirst().id(), active);
  }

  private static void requireProof(KeyWrapper wrapper, Kek active) {
    switch (wrapper.unwrap(Proof.wrapped(active.proof()), Proof.context(active.id()))) {
      case KeyWrapper.Unwrapping.Done _ -> {}
      case KeyWrapper.Unwrapping.Tampered _ ->
          throw new SealedKeyring(
              "The proof of the master key %s is not as it was written.".formatted(active.id()));
      case KeyWrapper.Unwrapping.Unavailable away ->
          throw new SealedKeyring("The master key cannot be used: " + away.reason());
    }
  }

  /// What is at hand; a key that is none seals a store which has keys.
  private List<MasterKey> masters() {
    try {
      return sources.all();
    } catch (UnusableMasterKey wrong) {
      throw new SealedKeyring(String.valueOf(wrong.getMessage()));
    }
  }

  /// Makes the keyring of a store that has none. Several processes may do so at once: whoever comes
  /// second finds the first one's rows, or proves to have another master key.
  private void first() {
    Optional<String> proof = database.read(KeyringStore::formerProof);
    MasterKey master = proof.isPresent() ? proved(proof.get()) : fresh();
    KeyWrapper wrapper = new MasterKeyWrapper(master);
    List<DataKey> made = new ArrayList<>();
    for (String purpose : DERIVED) {
      DataKey.Id id = new DataKey.Id(DataKey.PLATFORM, purpose, 1);
      byte[] bytes = master.purpose(purpose).getEncoded();
      made.add(new DataKey(id, wrapper.id(), KeyMaking.wrapped(wrapper, bytes, id)));
    }
    String own = formerProof(master);
    String kekProof = Proof.of(wrapper);
    boolean same =
        database.write(handle -> {
          if (!same(KeyringStore.keepFormerProof(handle, own, time.millis()), own)) {
            return false;
          }
          KeyringStore.insertFirst(handle, wrapper.id(), kekProof, time.millis());
          made.forEach(key -> KeyringStore.insert(handle, key, 0, time.millis()));
          return true;
        });
    if (!same) {
      throw former();
    }
  }

  /// The master key of a store from before there was a keyring.
  private MasterKey proved(String proof) {
    List<MasterKey> all = masters();
    return all.stream()
        .filter(master -> same(formerProof(master), proof))
        .findFirst()
        .orElseThrow(() -> all.isEmpty() ? missing() : former());
  }

  private SealedKeyring former() {
    return new SealedKeyring(
        "%s is not the master key this store was made with. Nothing was changed; start with that one."
            .formatted(sources.place()));
  }

  private SealedKeyring missing() {
    return new SealedKeyring(
        "%s is missing, but the store holds keys made with it. Put it back from a backup, or set %s to its content."
            .formatted(sources.place(), MasterKeySources.VARIABLE));
  }

  /// The master key of a new store.
  private MasterKey fresh() {
    @Nullable MasterKey current = sources.current();
    if (current != null) {
      return current;
    }
    if (!sources.files()) {
      // Replicas share the store, so they must share the key; a file would be one machine's.
      throw new UnusableMasterKey(
          MasterKeySources.VARIABLE
              + " is not set (expected with PostgreSQL: 32 random bytes as base64url, the same for"
              + " every replica)");
    }
    return sources.file().create();
  }

  private static String formerProof(MasterKey master) {
    byte[] derived = master.derive("gatewright/master-key-proof/v1", "HmacSHA256").getEncoded();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(derived);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
