package dev.gatewright.admission;

import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.Policy;
import java.util.List;

/// Who is calling, once admitted: proof that a credential was checked. Only [Admission] makes one.
///
/// @param key the key as it stood when the call was admitted
/// @param policy what it may do, all layers, compiled
/// @param grants what this one call was allowed so far
public record Caller(ApiKey key, Policy policy, Grants grants) {
  public Caller(ApiKey key, Policy policy) {
    this(key, policy, new Grants());
  }

  /// For tests of what comes after admission: the key's own layer is the whole policy.
  public Caller(ApiKey key) {
    this(key, Policy.of(List.of(Layer.key(key.rules()))));
  }

  public Tenant tenant() {
    return key.tenant();
  }
}
