package dev.gatewright.room.access;

import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.credential.Destination;
import dev.gatewright.edge.Refusal;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomProviders;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.store.RoomStore.Shelf;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Turns a call's headers into a [RoomVisit]: which provider, may the caller use it, whose
/// credential. Thread-safe.
public final class RoomVisits {
  private static final String DEFAULT_PROVIDER = "daily";
  private static final int SHOWN_CHARACTERS_MAX = 40;

  private final RoomAdmission admission;
  private final RoomConfig config;
  private final RoomProviders providers;
  private final RoomAccounts accounts;
  private final RoomKeys keys;

  public RoomVisits(
      RoomAdmission admission,
      RoomConfig config,
      RoomProviders providers,
      RoomAccounts accounts,
      RoomKeys keys) {
    this.admission = admission;
    this.config = config;
    this.providers = providers;
    this.accounts = accounts;
    this.keys = keys;
  }

  /// @param provider the header `X-Provider`, null = absent
  /// @param auth the header `X-Provider-Auth`, null = absent
  public RoomVisit visit(
      RoomCaller caller, @Nullable String provider, @Nullable String auth, String endpoint) {
    RoomProvider chosen = provider(caller, provider);
    Account account = accounts.account(caller, chosen.facts(), auth);
    return visit(caller, chosen, account, endpoint);
  }

  /// For a dry run: without a credential the mapping is asked all the same.
  public RoomVisit dry(
      RoomCaller caller, @Nullable String provider, @Nullable String auth, String endpoint) {
    RoomProvider chosen = provider(caller, provider);
    Account account = accounts.accountOrNone(caller, chosen.facts(), auth);
    return visit(caller, chosen, account, endpoint);
  }

  /// Where rooms' credentials may go.
  public Destination.Finder destinations() {
    return RoomDestination.finder(config, accounts, keys, providers);
  }

  /// What would become of a key's call, were it made.
  ///
  /// @param provider as for [#visit]
  /// @param brings whether it would bring a credential along
  public Judge.Judgement judge(
      Caller caller, InetAddress client, @Nullable String provider, boolean brings) {
    Refusal wrong = RoomAdmission.wrongKind(caller);
    if (wrong != null) {
      return new Judge.Judgement.Refused(wrong);
    }
    RoomCaller with = new RoomCaller(caller.tenant(), caller, client, "-");
    try {
      RoomProvider chosen = provider(with, provider);
      String id = chosen.facts().id();
      return new Judge.Judgement.Passes(id, accounts.rung(with, chosen.facts(), brings));
    } catch (RoomRefused refused) {
      return new Judge.Judgement.Refused(refused.refusal());
    }
  }

  private RoomVisit visit(
      RoomCaller caller, RoomProvider provider, Account account, String endpoint) {
    return new RoomVisit(
        caller,
        provider,
        account,
        new Shelf(caller.tenant(), provider.facts().id(), keys.fingerprint(account)),
        endpoint);
  }

  /// The providers callers may use, in the order they are shown.
  public List<RoomProvider> open() {
    return RoomProviders.FACTS.stream()
        .map(ProviderFacts::id)
        .filter(config.open()::contains)
        .map(providers::get)
        .toList();
  }

  private RoomProvider provider(RoomCaller caller, @Nullable String header) {
    String asked = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
    String id = asked.isEmpty() ? DEFAULT_PROVIDER : asked;
    RoomProvider provider = config.open().contains(id) ? providers.find(id) : null;
    if (provider == null) {
      String shown = id.replaceAll("[^a-z0-9_-]", "?");
      String open = String.join(", ", open().stream().map(each -> each.facts().id()).toList());
      throw new RoomRefused(
          RoomProblem.of(
                  400,
                  "invalid_request_error",
                  "unsupported_provider",
                  "Unsupported provider: %s. Supported: %s"
                      .formatted(
                          shown.substring(0, Math.min(shown.length(), SHOWN_CHARACTERS_MAX)), open))
              .at("X-Provider"));
    }
    admission.allow(caller, id);
    return provider;
  }
}
