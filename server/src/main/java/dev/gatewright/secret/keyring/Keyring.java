package dev.gatewright.secret.keyring;

import dev.gatewright.secret.Context;
import dev.gatewright.secret.KeyWrapper;
import dev.gatewright.secret.KeysUnavailable;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.SealingKey;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of this store, opened: one for each purpose of the platform, and data keys with which
/// values of an organization are sealed (AES-256-GCM). A sealed value opens in its place alone:
/// organization, purpose and whatever the caller binds it to. Clear values are never kept.
/// Thread-safe.
public final class Keyring implements PurposeKeys {
  /// The feed's word for an organization whose keys are gone.
  public static final String CHANGE_KIND = "data_key";

  private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
  private static final Pattern PURPOSE = Pattern.compile("[a-z]{1,20}(-[a-z]{1,20}){0,3}");

  /// A wrong value that many calls need must not fill the log.
  private static final long ALARM_MILLIS_MIN = 10_000;

  private final Database database;
  private final Time time;
  private final Wrappers wrappers;
  private final KeyMaking making;
  private final DataKeys dataKeys;
  private final Map<String, SecretKey> purposes;
  private volatile @Nullable String problem;
  private volatile long alarmedMillis;

  Keyring(
      Database database,
      Wrappers wrappers,
      Map<String, SecretKey> purposes,
      KeyringLimits limits,
      Time time) {
    this.database = database;
    this.time = time;
    this.wrappers = wrappers;
    this.making = new KeyMaking(database, wrappers, time);
    this.dataKeys = new DataKeys(database, wrappers, making, limits);
    this.purposes = new ConcurrentHashMap<>(purposes);
  }

  /// Drops keys of which the feed says that they are gone.
  public void listen(ChangeFeed feed) {
    feed.listen(CHANGE_KIND, change -> dataKeys.forget(String.valueOf(change.organizationId())));
    feed.listenGap(dataKeys::forgetAll);
  }

  /// The key of a purpose. One that the store has not got yet is made, which blocks; do that at the
  /// start, not on an event loop and not inside a transaction.
  ///
  /// @throws KeysUnavailable when it cannot be made or opened now
  @Override
  public SecretKey purpose(String purpose) {
    SecretKey known = purposes.get(named(purpose));
    if (known != null) {
      return known;
    }
    DataKey.Id id = new DataKey.Id(DataKey.PLATFORM, purpose, 1);
    DataKey key =
        database
            .read(handle -> KeyringStore.find(handle, id))
            .orElseGet(() -> making.make(id, SealingKey.newKey()));
    SecretKey opened = opened(wrappers, key);
    purposes.put(purpose, opened);
    return opened;
  }

  static SecretKey opened(Wrappers wrappers, DataKey key) {
    return switch (wrappers.unwrap(key)) {
      case KeyWrapper.Unwrapping.Done done -> new SecretKeySpec(done.key(), "HmacSHA256");
      case KeyWrapper.Unwrapping.Tampered _ ->
          throw new SealedKeyring(
              "the key %s is not as it was wrapped".formatted(key.id().purpose()));
      case KeyWrapper.Unwrapping.Unavailable away -> throw new KeysUnavailable(away.reason());
    };
  }

  /// Seals a value of an organization. Blocks now and then (one call in a thousand reaches the
  /// store); call it before a transaction, never inside one.
  ///
  /// @param purpose what kind of value it is, such as `credential`
  /// @param context what it is bound to beside organization and purpose, from [Context#of]
  /// @return ASCII, about 4/3 of the value and 50 characters more
  /// @throws KeysUnavailable when the organization's data key cannot be had now
  public String seal(String organizationId, String purpose, byte[] context, Secret value) {
    DataKey.Id id = dataKeys.forSealing(owned(organizationId), named(purpose));
    SealingKey key =
        switch (dataKeys.find(id)) {
          case DataKeys.Found.Key found -> found.key();
          case DataKeys.Found.Unavailable away -> throw new KeysUnavailable(away.reason());
          case DataKeys.Found.Tampered _ -> {
            alarm(organizationId, purpose);
            throw new KeysUnavailable(
                "the data key of %s is not as it was wrapped".formatted(organizationId));
          }
        };
    byte[] clear = value.expose().getBytes(StandardCharsets.UTF_8);
    return new SealedText(id.version(), key.seal(clear, bound(id, context))).text();
  }

  /// Opens what [#seal] made, in the same place. Blocks when the data key is not in memory.
  public Opened open(String organizationId, String purpose, byte[] context, String text) {
    SealedText sealed = SealedText.read(text);
    if (sealed == null) {
      return tampered(organizationId, purpose);
    }
    DataKey.Id id = new DataKey.Id(owned(organizationId), named(purpose), sealed.version());
    try {
      return switch (dataKeys.find(id)) {
        case DataKeys.Found.Key found -> opened(found.key(), id, context, sealed.value());
        case DataKeys.Found.Unavailable away -> new Opened.Unavailable(away.reason());
        case DataKeys.Found.Tampered _ -> tampered(organizationId, purpose);
      };
    } catch (StoreFailed away) {
      return new Opened.Unavailable("the store does not answer");
    }
  }

  /// The same from memory alone, for event loops; null when the data key is not there. Never
  /// blocks: about 1 µs.
  public @Nullable Opened openHeld(
      String organizationId, String purpose, byte[] context, String text) {
    SealedText sealed = SealedText.read(text);
    if (sealed == null) {
      return tampered(organizationId, purpose);
    }
    // The purpose is one that a data key was found for.
    DataKey.Id id = new DataKey.Id(owned(organizationId), purpose, sealed.version());
    SealingKey key = dataKeys.held(id);
    return key == null ? null : opened(key, id, context, sealed.value());
  }

  /// Forgets an organization's data keys inside the transaction that purges it: what was sealed
  /// with them is gone, in backups too once their copies of the keys are.
  public void shred(Handle handle, ChangeFeed feed, String organizationId) {
    KeyringStore.shred(handle, owned(organizationId));
    feed.append(handle, CHANGE_KIND, organizationId, organizationId);
  }

  /// What an operator should look at; null = nothing that is known.
  public @Nullable String problem() {
    return problem;
  }

  Wrappers wrappers() {
    return wrappers;
  }

  Database database() {
    return database;
  }

  private Opened opened(SealingKey key, DataKey.Id id, byte[] context, String sealed) {
    byte[] clear = key.open(sealed, bound(id, context));
    return clear == null
        ? tampered(id.organizationId(), id.purpose())
        : new Opened.Value(Secret.of(new String(clear, StandardCharsets.UTF_8)));
  }

  private static byte[] bound(DataKey.Id id, byte[] context) {
    return Context.of(
        context,
        "gatewright sealed value",
        id.organizationId(),
        id.purpose(),
        Long.toString(id.version()));
  }

  private Opened tampered(String organizationId, String purpose) {
    alarm(organizationId, purpose);
    return new Opened.Tampered();
  }

  private void alarm(String organizationId, String purpose) {
    String said =
        "a sealed value (%s of %s) is not as it was written".formatted(purpose, organizationId);
    problem = said;
    long now = time.millis();
    if (now - alarmedMillis >= ALARM_MILLIS_MIN) {
      alarmedMillis = now;
      LOG.error("{}: it was changed or moved in the database", said);
    }
  }

  private static String owned(String organizationId) {
    if (organizationId.isEmpty()) {
      throw new IllegalArgumentException("organization id: empty (expected: org_…)");
    }
    return organizationId;
  }

  private static String named(String purpose) {
    if (!PURPOSE.matcher(purpose).matches()) {
      throw new IllegalArgumentException("purpose: %s (expected: a-b)".formatted(purpose));
    }
    return purpose;
  }
}
