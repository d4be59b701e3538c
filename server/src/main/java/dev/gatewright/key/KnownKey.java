package dev.gatewright.key;

import dev.gatewright.policy.Layer;
import dev.gatewright.policy.OwnRules;
import dev.gatewright.policy.PolicyView;
import dev.gatewright.policy.RuleOwner;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A key in memory, made ready for comparison. Immutable but for the time of its last use.
public final class KnownKey {
  private static final int ALONE_BYTES = 640;

  private final StoredKey stored;
  private final OwnRules rules;
  private final List<Ready> secrets;
  private final boolean hashed;
  private final long readNanos;
  private volatile boolean renewing;

  /// When it was last used; read by the thread that writes it down.
  public volatile long usedMillis;

  /// True while it waits to be written down.
  public volatile boolean queued;

  private static final class Ready {
    final StoredKey.StoredSecret secret;
    final byte[] mac;

    Ready(StoredKey.StoredSecret secret) {
      this.secret = secret;
      this.mac = KeyPepper.bytes(secret.mac());
    }
  }

  public KnownKey(StoredKey stored, String pepperId, long readNanos) {
    this.stored = stored;
    this.readNanos = readNanos;
    ApiKey key = stored.key();
    this.rules =
        new OwnRules(
            new PolicyView(Layer.KEY, key.id(), key.rules()),
            RuleOwner.over(key.tenant().organizationId(), key.tenant().projectId(), key.owner()));
    List<Ready> ready = new ArrayList<>();
    for (StoredKey.StoredSecret secret : stored.secrets()) {
      // A secret under a pepper this process does not have fits nothing.
      if (secret.pepperId().equals(pepperId)) {
        ready.add(new Ready(secret));
      }
    }
    this.secrets = List.copyOf(ready);
    this.hashed =
        stored.secrets().stream()
            .anyMatch(secret -> secret.algorithm() == StoredKey.Algorithm.SHA256);
  }

  public ApiKey key() {
    return stored.key();
  }

  /// True once for each time it is to be read anew: it is older than `ageNanosMax`.
  public boolean due(long nowNanos, long ageNanosMax) {
    if (renewing || nowNanos - readNanos <= ageNanosMax) {
      return false;
    }
    renewing = true;
    return true;
  }

  /// Reading it anew came to nothing.
  public void stillDue() {
    renewing = false;
  }

  /// Heap it takes, by estimate.
  public int bytes() {
    return ALONE_BYTES + 2 * stored.key().name().length() + rules.view().bytes();
  }

  public OwnRules rules() {
    return rules;
  }

  /// As REST shows a key that lives in memory alone.
  public StoredKey shown() {
    return new StoredKey(
        stored.key(), stored.version(), stored.secrets(), usedMillis == 0 ? null : usedMillis);
  }

  /// Why not, or null when it may pass. The secret is judged before the state, so that only its
  /// holder can learn a state, and only by what the log says.
  public @Nullable String objection(PresentedKey presented, KeyPepper pepper, long nowMillis) {
    byte[] mac = pepper.mac(presented);
    byte[] sha256 = hashed ? ForeignFormat.sha256(presented.ascii()) : mac;
    Ready match = null;
    for (Ready ready : secrets) {
      // Every comparison runs: the time says nothing of which secret it was.
      byte[] shown = ready.secret.algorithm() == StoredKey.Algorithm.SHA256 ? sha256 : mac;
      if (MessageDigest.isEqual(ready.mac, shown)) {
        match = ready;
      }
    }
    if (match == null) {
      return WRONG_SECRET;
    }
    KeyState state = KeyState.of(stored.key(), nowMillis);
    if (!state.usable()) {
      return state.word();
    }
    return match.secret.liveAt(nowMillis) ? null : "rotated_out";
  }

  public static final String WRONG_SECRET = "secret";
}
