package dev.gatewright.key.lookup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.KeyPepper;
import dev.gatewright.key.KeyState;
import dev.gatewright.key.KeyStore;
import dev.gatewright.key.KnownKey;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.PresentedKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.store.Database;
import dev.gatewright.store.LookUps;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the key behind a presented text: in memory when it was seen lately, else in the store.
/// Memory is bounded, for keys that exist and for ids that do not. The change feed drops what has
/// changed: at once in this process, within a second on other replicas. Thread-safe.
public final class KeyDirectory {
  /// The feed's word for what concerns keys.
  public static final String CHANGE_KIND = "key";

  private static final int RETRY_SECONDS = 1;

  /// For the access log: the key's organization is being deleted.
  private static final String CLOSED = "organization_closed";

  private final ChangeFeed feed;
  private final KeyPepper pepper;
  private final Time time;
  private final @Nullable LocalAdmin local;
  private final KeyLimits limits;
  private final KeyUse use;
  private final FailureLimiter failures;
  private final ForeignKeys foreign;
  private final LookUps<String, Optional<StoredKey>> misses;
  private final PolicyViews policies;
  private final ClosedOrganizations closed;
  private final Cache<String, KnownKey> known;
  private final Cache<String, Boolean> unknown;

  public KeyDirectory(
      Database database,
      ChangeFeed feed,
      KeyPepper pepper,
      Time time,
      @Nullable LocalAdmin local,
      KeyUse use) {
    this(
        database,
        feed,
        pepper,
        time,
        local,
        use,
        ForeignKeys.none(pepper),
        new PolicyViews(database, feed, time),
        ClosedOrganizations.none(),
        KeyLimits.DEFAULT);
  }

  public KeyDirectory(
      Database database,
      ChangeFeed feed,
      KeyPepper pepper,
      Time time,
      @Nullable LocalAdmin local,
      KeyUse use,
      ForeignKeys foreign,
      PolicyViews policies,
      ClosedOrganizations closed,
      KeyLimits limits) {
    this.feed = feed;
    this.pepper = pepper;
    this.time = time;
    this.local = local;
    this.limits = limits;
    this.use = use;
    this.foreign = foreign;
    this.closed = closed;
    this.failures = new FailureLimiter(time);
    this.policies = policies;
    this.misses =
        new LookUps<>(
            database,
            new LookUps.Terms("a key", limits.missesMax(), limits.waitersMax()),
            KeyStore::find,
            this::keep);
    // Maintenance on the calling thread: it is short, and the common pool is not ours to fill.
    this.known =
        Caffeine.newBuilder()
            .maximumWeight(limits.knownBytesMax())
            .weigher((String _, KnownKey key) -> key.bytes())
            .expireAfterWrite(limits.knownAgeMax())
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    this.unknown =
        Caffeine.newBuilder()
            .maximumSize(limits.unknownMax())
            .expireAfterWrite(limits.unknownAgeMax())
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    feed.listen(CHANGE_KIND, change -> forget(change.id()));
    feed.listenGap(this::forgetAll);
  }

  /// Whether the news of changes are too old for anybody to be let in.
  public boolean newsTooOld() {
    return feed.stalenessMillis() > limits.stalenessMax().toMillis();
  }

  /// Whether an organization is on its way out: nobody calls for it.
  public boolean closed(String organizationId) {
    return closed.contains(organizationId);
  }

  /// Looks a presented text up. `then` runs once: before this returns when memory can answer, on a
  /// store thread otherwise. Never blocks.
  public void find(String text, InetAddress client, Consumer<KeyLookup> then) {
    PresentedKey own = KeyFormat.parse(text);
    PresentedKey presented = own != null ? own : foreign.present(text);
    if (presented == null) {
      then.accept(new KeyLookup.Rejected("malformed", "-"));
      return;
    }
    if (local != null && local.matches(presented)) {
      then.accept(found(local));
      return;
    }
    if (feed.stalenessMillis() > limits.stalenessMax().toMillis()) {
      then.accept(new KeyLookup.Unavailable("changes_stale", RETRY_SECONDS));
      return;
    }
    KnownKey inFile = presented.foreign() ? foreign.inFile(presented.id()) : null;
    KnownKey key = inFile != null ? inFile : known.getIfPresent(presented.id());
    if (key != null) {
      if (inFile == null && key.due(time.nanos(), limits.knownAgeMax().toNanos() / 2)) {
        renew(key);
      }
      judge(key, presented, client, then);
    } else if ((presented.foreign() && !foreign.inStore())
        || unknown.getIfPresent(presented.id()) != null) {
      then.accept(failed("unknown", presented, client));
    } else {
      int wait = failures.waitSeconds(client);
      if (wait > 0) {
        then.accept(new KeyLookup.Throttled(wait));
      } else {
        misses.load(presented.id(), result -> afterLoad(result, presented, client, then));
      }
    }
  }

  /// The key a presented text is, as far as memory can tell; null when it is none, or not known
  /// yet. Counts neither as a use nor as a guess.
  public @Nullable ApiKey remembered(String text) {
    PresentedKey own = KeyFormat.parse(text);
    PresentedKey presented = own != null ? own : foreign.present(text);
    if (presented == null) {
      return null;
    }
    if (local != null && local.matches(presented)) {
      return local.key();
    }
    KnownKey key = held(presented.id());
    boolean good = key != null && key.objection(presented, pepper, time.millis()) == null;
    return key != null && good ? key.key() : null;
  }

  /// Reads a key anew while it is still good: its calls need not wait for what only a lost change
  /// would alter.
  private void renew(KnownKey key) {
    misses.load(
        key.key().id(),
        result -> {
          if (result instanceof LookUps.Result.Failed<Optional<StoredKey>>) {
            key.stillDue();
          }
        });
  }

  /// Finds a key by a proof other than its text: a ticket that was made with it. `then` runs at
  /// once or on a store thread.
  public void holder(String keyId, Consumer<KeyLookup> then) {
    look(
        keyId,
        lookup -> {
          KnownKey held = lookup instanceof KeyLookup.Found ? held(keyId) : null;
          if (held != null) {
            use.used(held, time.millis());
          }
          then.accept(lookup);
        });
  }

  /// How a key stands, for calls that it has let in already; uses nothing. `then` runs at once or
  /// on a store thread.
  public void look(String keyId, Consumer<KeyLookup> then) {
    if (feed.stalenessMillis() > limits.stalenessMax().toMillis()) {
      then.accept(new KeyLookup.Unavailable("changes_stale", RETRY_SECONDS));
      return;
    }
    if (local != null && keyId.equals(LocalAdmin.ID)) {
      then.accept(found(local));
      return;
    }
    KnownKey held = held(keyId);
    if (held != null) {
      standing(held, then);
      return;
    }
    misses.load(
        keyId,
        result -> {
          switch (result) {
            case LookUps.Result.Failed<Optional<StoredKey>>(String reason) ->
                then.accept(new KeyLookup.Unavailable(reason, RETRY_SECONDS));
            case LookUps.Result.Read<Optional<StoredKey>>(Optional<StoredKey> stored)
                when stored.isEmpty() ->
                then.accept(new KeyLookup.Rejected("unknown", keyId));
            case LookUps.Result.Read<Optional<StoredKey>>(Optional<StoredKey> stored) ->
                standing(known(stored.orElseThrow()), then);
          }
        });
  }

  private KnownKey known(StoredKey stored) {
    return new KnownKey(stored, pepper.id(), time.nanos());
  }

  private void standing(KnownKey key, Consumer<KeyLookup> then) {
    KeyState state = KeyState.of(key.key(), time.millis());
    if (state.usable()) {
      found(key, then);
    } else {
      then.accept(new KeyLookup.Rejected(state.word(), key.key().id()));
    }
  }

  private KeyLookup found(LocalAdmin admin) {
    return new KeyLookup.Found(admin.key(), Policy.OPEN, policies.age());
  }

  /// Puts the key's policy together.
  private void found(KnownKey key, Consumer<KeyLookup> then) {
    if (closed(key.key())) {
      then.accept(new KeyLookup.Rejected(CLOSED, key.key().id()));
      return;
    }
    long age = policies.age();
    policies.find(
        key.rules(),
        age,
        found -> {
          switch (found) {
            case PolicyViews.Found.Failed(String reason) ->
                then.accept(new KeyLookup.Unavailable(reason, RETRY_SECONDS));
            case PolicyViews.Found.Whole(Policy policy, boolean _) ->
                then.accept(new KeyLookup.Found(key.key(), policy, age));
          }
        });
  }

  private boolean closed(ApiKey key) {
    return closed(key.tenant().organizationId());
  }

  /// `listener` hears the id of each organization whose keys are all dead from now on, on a store
  /// thread.
  public void listenClosed(Consumer<String> listener) {
    closed.listen(listener);
  }

  /// True when `key` is what memory holds under its id this moment and no rule has changed: nothing
  /// is new since it was found. The local key never changes.
  ///
  /// @param policyAge as it was found
  @SuppressWarnings("ReferenceEquality") // the very same record: an equal one may be a newer state
  public boolean isCurrent(ApiKey key, long policyAge) {
    KnownKey held = held(key.id());
    return held != null
        ? held.key() == key && policyAge == policies.age() && !closed(key)
        : LocalAdmin.is(key);
  }

  /// `listener` hears, on the thread that reads the watched file, the id of each of its keys that
  /// is changed, gone or expired; the store's keys are news of the feed.
  public void listenFile(Consumer<String> listener) {
    foreign.listen(listener);
  }

  private @Nullable KnownKey held(String id) {
    KnownKey inFile = foreign.inFile(id);
    return inFile != null ? inFile : known.getIfPresent(id);
  }

  /// How many keys are in memory, for metrics and tests.
  long knownCount() {
    known.cleanUp();
    return known.estimatedSize();
  }

  public long unknownCount() {
    unknown.cleanUp();
    return unknown.estimatedSize();
  }

  private void afterLoad(
      LookUps.Result<Optional<StoredKey>> result,
      PresentedKey presented,
      InetAddress client,
      Consumer<KeyLookup> then) {
    switch (result) {
      case LookUps.Result.Failed<Optional<StoredKey>>(String reason) ->
          then.accept(new KeyLookup.Unavailable(reason, RETRY_SECONDS));
      case LookUps.Result.Read<Optional<StoredKey>>(Optional<StoredKey> stored)
          when stored.isEmpty() ->
          then.accept(failed("unknown", presented, client));
      case LookUps.Result.Read<Optional<StoredKey>>(Optional<StoredKey> stored) -> {
        KnownKey held = known.getIfPresent(presented.id());
        judge(held != null ? held : known(stored.orElseThrow()), presented, client, then);
      }
    }
  }

  private void judge(
      KnownKey key, PresentedKey presented, InetAddress client, Consumer<KeyLookup> then) {
    long now = time.millis();
    String objection = key.objection(presented, pepper, now);
    if (objection == null) {
      use.used(key, now);
      found(key, then);
    } else if (objection.equals(KnownKey.WRONG_SECRET)) {
      then.accept(failed(objection, presented, client));
    } else {
      if (key.key().revokedMillis() != null) {
        use.tombstoneUsed(key.key(), client);
      }
      then.accept(new KeyLookup.Rejected(objection, presented.id()));
    }
  }

  /// A guess: counted, and above the limit told apart from nothing else.
  private KeyLookup failed(String reason, PresentedKey presented, InetAddress client) {
    int wait = failures.retryAfterSeconds(client);
    failures.failed(client);
    return wait > 0
        ? new KeyLookup.Throttled(wait)
        : new KeyLookup.Rejected(reason, presented.id());
  }

  private void keep(String id, Optional<StoredKey> stored) {
    if (stored.isEmpty()) {
      unknown.put(id, Boolean.TRUE);
    } else {
      known.put(id, known(stored.get()));
    }
  }

  /// A key that was in memory is read again at once: its holder may share an address with somebody
  /// who guesses, for whom nothing is looked up any more.
  private void forget(String id) {
    boolean held = known.getIfPresent(id) != null;
    misses.forget(
        id,
        () -> {
          known.invalidate(id);
          unknown.invalidate(id);
        });
    if (held) {
      misses.load(id, _ -> {});
    }
  }

  private void forgetAll() {
    misses.forgetAll(() -> {
      known.invalidateAll();
      unknown.invalidateAll();
    });
  }
}
