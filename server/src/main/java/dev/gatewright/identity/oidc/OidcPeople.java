package dev.gatewright.identity.oidc;

import dev.gatewright.identity.code.People;
import dev.gatewright.identity.person.Person;
import dev.gatewright.identity.person.PersonStore;
import dev.gatewright.mail.EmailAddress;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Whose an identity is. It is known by issuer and subject; an address says whose it is at its
/// first sign-in alone, and only where the provider answers for the address's domain and has
/// verified it. Every method is a part of the caller's transaction. Thread-safe.
final class OidcPeople {
  private final People people;

  OidcPeople(People people) {
    this.people = people;
  }

  /// What a provider says of somebody.
  ///
  /// @param email null = none that can be read
  record Claimed(String subject, @Nullable EmailAddress email, boolean emailVerified) {}

  /// @throws OidcFault when it is nobody who may sign in
  Person find(Handle handle, OidcConfig config, Claimed claimed, long now) throws OidcFault {
    String known = OidcStore.person(handle, config.issuer(), claimed.subject()).orElse(null);
    if (known != null) {
      return PersonStore.byId(handle, known)
          .filter(Person::active)
          .orElseThrow(() -> new OidcFault("the person is disabled or gone"));
    }
    EmailAddress email = claimed.email();
    if (email == null || !claimed.emailVerified()) {
      throw new OidcFault("nobody is linked, and it has no verified address");
    }
    if (!config.domains().contains(email.domain())) {
      throw new OidcFault("nobody is linked, and the provider does not answer for the domain");
    }
    Person person = byAddress(handle, config, email, now);
    if (!OidcStore.link(
        handle, config.issuer(), claimed.subject(), person.id(), config.id(), now)) {
      throw new OidcFault("the identity was linked meanwhile");
    }
    return person;
  }

  private Person byAddress(Handle handle, OidcConfig config, EmailAddress email, long now)
      throws OidcFault {
    Person there = PersonStore.find(handle, email).orElse(null);
    if (there == null) {
      // A provider that answers for a domain brings its people along.
      return config.trustEmail()
          ? PersonStore.findOrInsert(handle, email, now)
          : people
              .come(handle, email, now)
              .orElseThrow(() -> new OidcFault("nobody with this address was invited"));
    }
    if (!config.trustEmail()) {
      throw new OidcFault(
          "somebody has this address, and the provider's word for it is not trusted; sign in by code"
              + " and link it");
    }
    if (!there.active()) {
      throw new OidcFault("the person is disabled");
    }
    return there;
  }

  /// Links an identity to who is signed in.
  ///
  /// @throws OidcFault when it is somebody else's
  Person link(Handle handle, OidcConfig config, Claimed claimed, String personId, long now)
      throws OidcFault {
    Person person =
        PersonStore.byId(handle, personId)
            .filter(Person::active)
            .orElseThrow(() -> new OidcFault("the person is disabled or gone"));
    boolean mine =
        OidcStore.link(handle, config.issuer(), claimed.subject(), personId, config.id(), now)
            || OidcStore.person(handle, config.issuer(), claimed.subject())
                .filter(personId::equals)
                .isPresent();
    if (!mine) {
      throw new OidcFault("the identity is linked to somebody else");
    }
    return person;
  }
}
