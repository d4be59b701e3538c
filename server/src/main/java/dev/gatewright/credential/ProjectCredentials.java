package dev.gatewright.credential;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a project may pay with, as of one reading of the store. Secrets in it are sealed.
/// Immutable.
///
/// @param platform the organization may use the platform's own credentials
/// @param own those stored for the project
/// @param shared those stored for its organization
public record ProjectCredentials(
    PaymentMode mode, boolean platform, Map<Place, Credential> own, Map<Place, Credential> shared) {
  private static final int ALONE_BYTES = 400;
  private static final int EACH_BYTES = 900;

  /// Where a credential is for: a project has one for each at most, and so has an organization.
  ///
  /// @param provider the id of the provider or service
  public record Place(CredentialKind kind, String provider) {}

  public ProjectCredentials {
    own = Map.copyOf(own);
    shared = Map.copyOf(shared);
  }

  /// The one of this id; null where there is none.
  public @Nullable Credential find(String id) {
    for (Credential each : own.values()) {
      if (each.id().equals(id)) {
        return each;
      }
    }
    for (Credential each : shared.values()) {
      if (each.id().equals(id)) {
        return each;
      }
    }
    return null;
  }

  /// Heap it takes, by estimate.
  int bytes() {
    int bytes = ALONE_BYTES;
    for (Credential each : own.values()) {
      bytes += EACH_BYTES + each.sealed().length();
    }
    for (Credential each : shared.values()) {
      bytes += EACH_BYTES + each.sealed().length();
    }
    return bytes;
  }
}
