package dev.gatewright.admission;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeySpending;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Somebody with an API key.
public final class KeyCaller extends Caller {
  private final ApiKey key;

  private KeyCaller(ApiKey key, Policy policy, long policyAge) {
    super(key.id(), key.tenant(), policy, policyAge);
    this.key = key;
  }

  /// Whoever holds the key that was found.
  public static KeyCaller of(KeyLookup.Found found) {
    return new KeyCaller(found.key(), found.policy(), found.policyAge());
  }

  /// For tests of what comes after admission: the key's own rules are the whole policy.
  public static KeyCaller of(ApiKey key) {
    return new KeyCaller(key, Policy.ofKey(key.id(), key.rules()), 0);
  }

  /// The key as it stood when the call was admitted; for the portal's door and for what tells a key
  /// about itself.
  public ApiKey key() {
    return key;
  }

  @Override
  public ApiKey.Kind kind() {
    return key.kind();
  }

  @Override
  public boolean manages(String service) {
    return key.manages().contains(service);
  }

  @Override
  public String user() {
    return key.user();
  }

  @Override
  public @Nullable String personId() {
    return key.owner();
  }

  @Override
  public KeySpending spending() {
    return key.power().spending();
  }

  @Override
  List<String> tags() {
    return key.tags();
  }

  @Override
  public List<String> scopes() {
    return key.scopes();
  }

  @Override
  List<String> origins() {
    return key.power().origins();
  }

  @Override
  @Nullable Long expiresMillis() {
    return key.expiresMillis();
  }
}
