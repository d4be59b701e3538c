package dev.gatewright.credential;

import dev.gatewright.secret.Context;
import org.jspecify.annotations.Nullable;

/// A provider's credential as it is stored, sealed. Immutable.
///
/// @param id `cred_…`
/// @param projectId null = the organization's, for every project of it
/// @param provider the id of the provider or service
/// @param origin where alone it may be sent, `scheme://host[:port]`; several with a space between
/// @param sealed what the keyring made of the secret, bound to [#context]
/// @param last4 the secret's last characters, for people; empty where it is too short to show any
/// @param fingerprint the same for the same secret in this organization
/// @param shelf of a room's credential: whose rooms it finds; stays when the secret is replaced
/// @param secretMillis when the secret was last set
/// @param version counts the changes, from 1
public record Credential(
    String id,
    String organizationId,
    @Nullable String projectId,
    String name,
    CredentialKind kind,
    String provider,
    String origin,
    String sealed,
    String last4,
    String fingerprint,
    String shelf,
    String createdBy,
    long createdMillis,
    long secretMillis,
    long version) {
  /// What the keyring calls secrets of this kind.
  public static final String PURPOSE = "credential";

  /// What its secret is bound to: opened anywhere else, it is worthless.
  public byte[] context() {
    return context(origin, organizationId, projectId, id);
  }

  public static byte[] context(
      String origin, String organizationId, @Nullable String projectId, String id) {
    return Context.of(origin, organizationId, projectId == null ? "" : projectId, id);
  }

  @Override
  public String toString() {
    return "Credential[" + id + "]";
  }
}
