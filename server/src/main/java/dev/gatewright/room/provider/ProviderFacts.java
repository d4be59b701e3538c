package dev.gatewright.room.provider;

import dev.gatewright.room.settings.Outcome;
import java.util.List;
import java.util.Map;

/// What a provider is, for callers and for the reference pages.
///
/// @param id as in `X-Provider`
/// @param title its name for people
/// @param credential the parts of its credential; one alone may be sent as a plain value
/// @param endsRooms true when the provider ends a room at its time; false leaves it to the gate
/// @param roles what each role means here
/// @param nameWindow what stays open when two create the same name at once
public record ProviderFacts(
    String id,
    String title,
    List<CredentialField> credential,
    boolean endsRooms,
    Map<Role, Outcome> roles,
    String nameWindow) {
  public ProviderFacts {
    credential = List.copyOf(credential);
    roles = Map.copyOf(roles);
  }

  /// True when the credential says where the provider stands.
  public boolean takesUrl() {
    return credential.stream().anyMatch(CredentialField::address);
  }
}
