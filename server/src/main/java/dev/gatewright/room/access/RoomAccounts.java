package dev.gatewright.room.access;

import dev.gatewright.account.Tenant;
import dev.gatewright.credential.Credential;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.CredentialDirectory.Found;
import dev.gatewright.credential.CredentialKind;
import dev.gatewright.credential.Ladder;
import dev.gatewright.credential.Payer;
import dev.gatewright.credential.ProjectCredentials;
import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomConfig.ProviderConfig;
import dev.gatewright.room.config.RoomProviders;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Opened;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose credential a call on rooms goes out with: the one in `X-Provider-Auth`; else, for callers
/// with a gateway key, by the ladder their project's, their organization's, the operator's own.
/// Blocks; thread-safe; keeps nothing.
public final class RoomAccounts {
  private final RoomConfig config;
  private final CredentialDirectory credentials;
  private final RoomKeys keys;

  public RoomAccounts(RoomConfig config, CredentialDirectory credentials, RoomKeys keys) {
    this.config = config;
    this.credentials = credentials;
    this.keys = keys;
  }

  /// @param header `X-Provider-Auth`; null = absent
  /// @throws RoomRefused when there is no credential, or none this caller may use
  public Account account(RoomCaller caller, ProviderFacts facts, @Nullable String header) {
    ProviderConfig provider = config.provider(facts.id());
    if (!caller.keyed()) {
      return header == null
          ? throwing(RoomCredential.absent(facts))
          : brought(caller, facts, provider, header);
    }
    Secret own = header == null ? null : Secret.of(header);
    return switch (Ladder.pays(view(caller.tenant(), facts), target(facts), own)) {
      case Payer.Brought _ -> brought(caller, facts, provider, header == null ? "" : header);
      case Payer.Stored stored -> stored(facts, stored);
      case Payer.Configured _ ->
          provider.credential().isEmpty()
              ? throwing(RoomCredential.absent(facts))
              : new Account(facts.id(), provider.credential(), true);
      // Where the gate has none either, the header is what is missing.
      case Payer.Refused(Refusal why) when why.status() == 402 && provider.credential().isEmpty() ->
          throwing(RoomCredential.absent(facts));
      case Payer.Refused(Refusal why) -> throwing(RoomProblem.of(why).from(facts.id()));
    };
  }

  /// Whose credential a call would go out with; `header` also where it would have to bring one.
  /// Blocks while the store is read.
  ///
  /// @param brings whether it would bring one
  Rung rung(RoomCaller caller, ProviderFacts facts, boolean brings) {
    boolean configured = !config.provider(facts.id()).credential().isEmpty();
    Secret own = brings ? Secret.of("-") : null;
    return switch (Ladder.pays(view(caller.tenant(), facts), target(facts), own)) {
      case Payer.Configured _ when !configured -> Rung.HEADER;
      case Payer.Found found -> found.rung();
      case Payer.Refused(Refusal why) when why.status() == 402 && !configured -> Rung.HEADER;
      case Payer.Refused(Refusal why) ->
          throw new RoomRefused(RoomProblem.of(why).from(facts.id()));
    };
  }

  /// The same for a dry run, which may do without: no fields where nobody pays.
  Account accountOrNone(RoomCaller caller, ProviderFacts facts, @Nullable String header) {
    if (header != null) {
      return account(caller, facts, header);
    }
    try {
      return account(caller, facts, null);
    } catch (RoomRefused nobody) {
      if (nobody.problem().status() >= 500) {
        throw nobody;
      }
      return new Account(facts.id(), Map.of(), false);
    }
  }

  /// The credential with which a room that outlives its call is ended; null when it is there no
  /// more.
  ///
  /// @param fingerprint of the room's shelf
  /// @throws RoomRefused 503 when that cannot be told now
  public @Nullable Account lasting(Tenant tenant, ProviderFacts facts, String fingerprint) {
    Map<String, Secret> configured = config.provider(facts.id()).credential();
    Account operators = new Account(facts.id(), configured, true);
    if (fingerprint.equals(keys.fingerprint(operators))) {
      return configured.isEmpty() ? null : operators;
    }
    ProjectCredentials view = view(tenant, facts);
    for (Credential stored : view.at(target(facts).place())) {
      if (stored.shelf().equals(fingerprint)) {
        return stored(facts, new Payer.Stored(stored));
      }
    }
    return null;
  }

  private ProjectCredentials view(Tenant tenant, ProviderFacts facts) {
    return switch (credentials.get(tenant)) {
      case Found.View(ProjectCredentials view) -> view;
      case Found.Unavailable(Refusal why) ->
          throw new RoomRefused(RoomProblem.of(why).from(facts.id()));
    };
  }

  /// Where a credential names its own address, only reading it tells whether it may go there.
  private Ladder.Target target(ProviderFacts facts) {
    return new Ladder.Target(
        new Place(CredentialKind.ROOM, facts.id()), origin -> stands(facts, origin), false);
  }

  boolean stands(ProviderFacts facts, String origin) {
    return facts.takesUrl()
        || RoomCredential.origins(facts, RoomProviders.address(config, facts.id()), Map.of())
            .equals(origin);
  }

  private Account stored(ProviderFacts facts, Payer.Stored stored) {
    Credential credential = stored.credential();
    Opened opened = credentials.opened(credential);
    if (!(opened instanceof Opened.Value(Secret secret))) {
      throw new RoomRefused(RoomProblem.of(Ladder.unreadable(credential, opened)).from(facts.id()));
    }
    Map<String, Secret> fields =
        RoomCredential.read(facts, config.provider(facts.id()), secret.expose());
    String origins =
        RoomCredential.origins(facts, RoomProviders.address(config, facts.id()), fields);
    if (!origins.equals(credential.origin())) {
      throw new RoomRefused(RoomProblem.of(Ladder.moved(credential)).from(facts.id()));
    }
    return new Account(facts.id(), fields, stored.rung(), credential.shelf());
  }

  private static Account brought(
      RoomCaller caller, ProviderFacts facts, ProviderConfig provider, String header) {
    Map<String, Secret> fields = RoomCredential.read(facts, provider, header);
    if (!caller.keyed() && RoomCredential.choosesAddress(facts, provider, header)) {
      throw new RoomRefused(
          RoomProblem.of(
                  401,
                  "authentication_error",
                  "gateway_key_required",
                  "A credential that names an address needs a gateway key as well"
                      + " (Authorization: Bearer gw_live_…).")
              .from(facts.id()));
    }
    return new Account(facts.id(), fields, Rung.HEADER, null);
  }

  private static Account throwing(RoomProblem problem) {
    throw new RoomRefused(problem);
  }
}
