package dev.gatewright.room;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.Destination;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.net.Cidr;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.rest.Resource;
import dev.gatewright.room.access.AnonymousLimit;
import dev.gatewright.room.access.RoomAccounts;
import dev.gatewright.room.access.RoomAdmission;
import dev.gatewright.room.access.RoomKeys;
import dev.gatewright.room.access.RoomLimits;
import dev.gatewright.room.access.RoomVisits;
import dev.gatewright.room.api.RoomApi;
import dev.gatewright.room.api.RoomCalls;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomProviders;
import dev.gatewright.room.life.RoomMaking;
import dev.gatewright.room.life.RoomMeter;
import dev.gatewright.room.life.RoomReaper;
import dev.gatewright.room.life.Rooms;
import dev.gatewright.room.provider.CheckedHttp;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rooms, wired. Nothing of it is on the way of any other call.
public final class RoomService implements Judge, AutoCloseable {
  private final RoomReaper reaper;
  private final RoomCalls calls;
  private final RoomApi api;
  private final RoomVisits visits;
  private final Fetch fetch;

  private RoomService(
      RoomReaper reaper, RoomCalls calls, RoomApi api, RoomVisits visits, Fetch fetch) {
    this.visits = visits;
    this.reaper = reaper;
    this.calls = calls;
    this.api = api;
    this.fetch = fetch;
  }

  /// @param allow `network.allow`
  /// @param fetch closed with this
  /// @param sites whose limits calls at a host count for; null = nobody's
  public static RoomService open(
      RoomConfig config,
      List<Cidr> allow,
      Database database,
      PurposeKeys purposes,
      Attempts attempts,
      Admission admission,
      CredentialDirectory credentials,
      Fetch fetch,
      Function<String, @Nullable String> sites,
      Time time) {
    RoomKeys keys = new RoomKeys(purposes);
    Set<Origin> privateOrigins = config.privateOrigins();
    ProviderHttp http =
        new CheckedHttp(fetch, origin -> new DialRules(privateOrigins.contains(origin), allow));
    RoomProviders providers = new RoomProviders(config, http, time, keys);
    RoomAccounts accounts = new RoomAccounts(config, credentials, keys);
    RoomReaper reaper = new RoomReaper(database, providers, accounts, time).start();
    Rooms rooms =
        new Rooms(
            database,
            new RoomMaking(database, reaper, time),
            new RoomMeter(attempts, time),
            reaper,
            time);
    RoomAdmission way = new RoomAdmission(admission, new AnonymousLimit(time), config.anonymous());
    RoomVisits visits = new RoomVisits(way, config, providers, accounts, keys);
    RoomCalls calls = new RoomCalls(way, visits, new RoomLimits(admission.limits(), sites, time));
    return new RoomService(reaper, calls, new RoomApi(calls, rooms), visits, fetch);
  }

  /// Where rooms' credentials may go.
  public Destination.Finder destinations() {
    return visits.destinations();
  }

  /// Null for what is no call on rooms.
  @Override
  public Judge.@Nullable Judgement judge(Caller caller, Question question) {
    return resource().has(question.method(), question.path())
        ? calls.judge(caller, question)
        : null;
  }

  /// For the portal.
  public Resource resource() {
    return api.resource();
  }

  @Override
  public void close() {
    calls.close();
    reaper.close();
    fetch.close();
  }
}
