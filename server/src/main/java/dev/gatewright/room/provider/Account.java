package dev.gatewright.room.provider;

import dev.gatewright.ledger.Rung;
import dev.gatewright.secret.Secret;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A credential for one provider, in its parts, for one call. Immutable; has no text form.
///
/// @param provider the provider's id
/// @param fields the parts by the names of the provider's [CredentialField]s
/// @param rung whose it is
/// @param shelf of a stored one, whose rooms it finds, whatever its secret is by now; null = what
///   its value, or its place in the file, says
public record Account(
    String provider, Map<String, Secret> fields, Rung rung, @Nullable String shelf) {
  public Account {
    fields = Map.copyOf(fields);
  }

  /// @param configured the operator's own; false = the caller's
  public Account(String provider, Map<String, Secret> fields, boolean configured) {
    this(provider, fields, configured ? Rung.PLATFORM : Rung.HEADER, null);
  }

  /// The gate has it, and several may share it; false when the caller brought it along: a
  /// provider's 401 then means something else.
  public boolean configured() {
    return rung != Rung.HEADER;
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
