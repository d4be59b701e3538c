package dev.gatewright.admission;

import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;

/// Who is calling, once admitted: proof that a credential was checked. Only [Admission] makes one.
///
/// @param key the key as it stood when the call was admitted
public record Caller(ApiKey key) {
  public Tenant tenant() {
    return key.tenant();
  }
}
