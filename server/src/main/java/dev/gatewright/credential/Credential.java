package dev.gatewright.credential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A provider's credential as it is stored, sealed. Immutable.
///
/// @param id `cred_…`
/// @param projectId null = the organization's, for every project of it
/// @param provider the id of the provider or service
/// @param origin where alone it may be sent, `scheme://host[:port]`; several with a space between
/// @param sealed what [SecretBox] made of the secret in [#place]
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

  /// What its secret is bound to, beside the organization: opened anywhere else, it is worthless.
  public List<String> place() {
    return place(origin, organizationId, projectId, id);
  }

  public static List<String> place(
      String origin, String organizationId, @Nullable String projectId, String id) {
    return List.of(origin, organizationId, projectId == null ? "" : projectId, id);
  }

  @Override
  public String toString() {
    return "Credential[" + id + "]";
  }
}
