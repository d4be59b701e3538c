package dev.gatewright.account;

import java.util.List;
import java.util.Optional;

/// Which organizations there are for whom. Blocks; thread-safe.
public interface Memberships {
  /// The places of a person in organizations that are there, by the organizations' names; at most
  /// [#MOST].
  List<Member> of(String personId);

  /// The place of a person in one of them; empty when there is none.
  default Optional<Member> in(String organizationId, String personId) {
    return of(personId).stream()
        .filter(place -> place.organizationId().equals(organizationId))
        .findFirst();
  }

  /// An organization and its first project; empty when there is none of this id.
  Optional<Tenant> tenant(String organizationId);

  /// The platform owner's organization and its first project.
  Tenant platform();

  int MOST = 1_000;
}
