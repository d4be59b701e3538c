package dev.gatewright.limit;

import dev.gatewright.account.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who calls: whose limits stand behind the call.
///
/// @param keyId `key_…`
/// @param personId the member the key belongs to; null = nobody
public record Whose(Tenant tenant, String keyId, @Nullable String personId) {
  /// On whom limits may stand that hold for this caller.
  List<String> subjects() {
    return personId == null
        ? List.of(keyId, tenant.projectId(), tenant.organizationId())
        : List.of(keyId, personId, tenant.projectId(), tenant.organizationId());
  }
}
