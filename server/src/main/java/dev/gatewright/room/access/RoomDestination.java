package dev.gatewright.room.access;

import dev.gatewright.credential.Destination;
import dev.gatewright.ledger.Rung;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomProviders;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import java.util.Map;

/// A provider of rooms as a place for credentials: the text `X-Provider-Auth` would carry, asked by
/// a room that nobody has.
record RoomDestination(
    RoomConfig config, RoomAccounts accounts, RoomKeys keys, RoomProvider provider)
    implements Destination {
  private static final String NOBODYS_ROOM = "gatewright-credential-check";

  /// For every organization alike: what it may use is what the file opens.
  static Destination.Finder finder(
      RoomConfig config, RoomAccounts accounts, RoomKeys keys, RoomProviders providers) {
    return (_, id) -> {
      RoomProvider provider = config.open().contains(id) ? providers.find(id) : null;
      return provider == null ? null : new RoomDestination(config, accounts, keys, provider);
    };
  }

  @Override
  public Fit fit(Secret text) {
    ProviderFacts facts = provider.facts();
    try {
      Map<String, Secret> fields =
          RoomCredential.read(facts, config.provider(facts.id()), text.expose());
      String origins =
          RoomCredential.origins(facts, RoomProviders.address(config, facts.id()), fields);
      return new Fit.Good(text, origins, keys.fingerprint(account(fields)));
    } catch (RoomRefused wrong) {
      return new Fit.Wrong(wrong.problem().refusal().message());
    }
  }

  @Override
  public boolean stands(String origin) {
    return accounts.stands(provider.facts(), origin);
  }

  @Override
  public Checked check(Secret secret) {
    ProviderFacts facts = provider.facts();
    try {
      Map<String, Secret> fields =
          RoomCredential.read(facts, config.provider(facts.id()), secret.expose());
      boolean there = provider.find(account(fields), NOBODYS_ROOM).isPresent();
      return new Checked(true, there ? 200 : null, null);
    } catch (RoomRefused refused) {
      return new Checked(
          false, refused.problem().providerStatus(), refused.problem().refusal().message());
    }
  }

  private Account account(Map<String, Secret> fields) {
    return new Account(provider.facts().id(), fields, Rung.HEADER, null);
  }
}
