package dev.gatewright.key;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An API key's record, without its secrets. Times are epoch milliseconds UTC.
///
/// @param id `key_` and ten base62 characters
/// @param tenant whose it is
/// @param name what its maker calls it
/// @param createdBy `key_…` or `local` (the command line's key of this start)
/// @param notBeforeMillis 0 = from the beginning
/// @param expiresMillis null = never
/// @param revokedMillis null = not revoked; a revoked key stays as a tombstone
/// @param rules the key's own layer of policy
public record ApiKey(
    String id,
    Tenant tenant,
    Kind kind,
    String name,
    boolean enabled,
    String createdBy,
    long createdMillis,
    long notBeforeMillis,
    @Nullable Long expiresMillis,
    @Nullable Long revokedMillis,
    List<Rule> rules) {

  public ApiKey {
    rules = List.copyOf(rules);
  }

  /// What a key is for; the word stands in the key's text.
  public enum Kind {
    /// Calls providers.
    LIVE,
    /// Answered by the simulator, never billed.
    TEST,
    /// Automates the control plane of its organization.
    ADMIN
  }
}
