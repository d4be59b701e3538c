package dev.gatewright.room.provider;

import dev.gatewright.secret.Secret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A credential for one provider, in its parts, for one call. Immutable; has no text form.
///
/// @param provider the provider's id
/// @param fields the parts by the names of the provider's [CredentialField]s
/// @param configured true when the operator's configuration gave it, false when the caller did: a
///   provider's 401 then means something else
public record Account(String provider, Map<String, Secret> fields, boolean configured) {
  public Account {
    fields = Map.copyOf(fields);
  }

  /// A field that is known to be there.
  public Secret need(String field) {
    Secret value = fields.get(field);
    if (value == null) {
      throw new IllegalStateException("credential of " + provider + ": no " + field);
    }
    return value;
  }

  public @Nullable Secret find(String field) {
    return fields.get(field);
  }

  public Set<String> names() {
    return fields.keySet();
  }

  @Override
  public String toString() {
    return "Account[" + provider + "]";
  }
}
