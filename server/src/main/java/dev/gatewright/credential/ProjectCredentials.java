package dev.gatewright.credential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a project may pay with, as of one reading of the store. Secrets in it are sealed.
/// Immutable.
///
/// @param platform the organization may use the platform's own credentials
/// @param allowUnpriced what project and organization say of calls to what has no price
/// @param own those stored for the project
/// @param shared those stored for its organization
public record ProjectCredentials(
    PaymentMode mode,
    boolean platform,
    Said allowUnpriced,
    Map<Place, Credential> own,
    Map<Place, Credential> shared) {
  private static final int ALONE_BYTES = 400;
  private static final int EACH_BYTES = 900;

  /// Where a credential is for: a project has one for each at most, and so has an organization.
  ///
  /// @param provider the id of the provider or service
  public record Place(CredentialKind kind, String provider) {}

  /// What each layer says; null = nothing.
  public record Said(@Nullable Boolean project, @Nullable Boolean organization) {
    public static final Said NOTHING = new Said(null, null);
  }

  public ProjectCredentials {
    own = Map.copyOf(own);
    shared = Map.copyOf(shared);
  }

  /// Those for a place, the project's first.
  public List<Credential> at(Place place) {
    List<Credential> found = new ArrayList<>(2);
    Credential first = own.get(place);
    if (first != null) {
      found.add(first);
    }
    Credential second = shared.get(place);
    if (second != null) {
      found.add(second);
    }
    return found;
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
