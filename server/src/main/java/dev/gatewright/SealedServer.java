package dev.gatewright;

import dev.gatewright.account.AccountStore;
import dev.gatewright.account.SessionAdmission;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.admission.LiveCalls;
import dev.gatewright.call.Outward;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.edge.Drain;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.handoff.HandoffTerms;
import dev.gatewright.id.Ids;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.key.sealed.SealedKeyApi;
import dev.gatewright.key.sealed.SealedRevocations;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.llm.SealedEndpoints;
import dev.gatewright.policy.Policy;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.rest.Cursors;
import dev.gatewright.secret.MasterKey;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.rotation.SealedSecretsApi;
import dev.gatewright.share.Holder;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.Stores;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Logging;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import dev.gatewright.tenant.Tenants;
import dev.gatewright.web.Entry;
import dev.gatewright.web.idempotency.Creates;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gate whose keys cannot be opened, for it was given another master key than the store's, or
/// none: it says so, refuses every call, and lets the command line on its machine see why and
/// revoke keys. It makes nothing, so that the right master key finds everything as it was.
/// Thread-safe.
public final class SealedServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SealedServer.class);
  private static final int RETRY_SECONDS = 30;

  private final Closing closing;
  private final EdgeServer edge;
  private final ServerConfig config;

  private SealedServer(ConfigSources sources, Time time, String reason, Closing closing)
      throws IOException {
    this.closing = closing;
    config = ServerConfig.from(sources.load());
    Logging.apply(config.logLevel(), config.logJson());
    Path dataFolder = DataFolder.of(config.store().dataFolder()).path();
    Database database = closing.add(Stores.open(config.store(), time));
    ChangeFeed feed = closing.add(ChangeFeed.start(database, time));
    Tenant owner = owner(database);
    LocalAdmin admin = LocalAdmin.mint(owner, time);
    AccessLog accessLog = closing.add(AccessLog.open(dataFolder));
    ControlPlane portal = closing.add(new ControlPlane(Tracing.OFF));
    Upstreams upstreams = new Upstreams(time);
    String instance = Ids.uuid7("ins_", time.millis());
    Drain drain = new Drain();
    Health health = new Health(Version.text(), instance, drain::leaving);
    health.seal();
    LocalCaller local = new LocalCaller(admin.text());
    EdgeHandler handoff =
        portal.handoff(
            new Outward(SealedServer::noCallerRuns, new NothingRecorded(), time),
            upstreams,
            HandoffTerms.of(
                config.edge().limits().shares(),
                config.edge().limits().heldBodies(),
                portal,
                head -> local.test(head) ? Holder.LOCAL : Holder.address(head.client())));
    EdgeHandler refused = exchange -> EdgeReply.refuse(exchange, refusal());
    RouteTable.Builder table = RouteTable.builder();
    Routes.server(table, health, refused, Version.text(), false);
    table.any("/api/secrets", handoff);
    table.any("/api/secrets/rotate", handoff);
    table.any("/api/keys/{id}/revoke", handoff);
    SealedEndpoints.mount(table, refusal());
    table.any("/{rest*}", refused);
    edge =
        closing.add(
            EdgeServer.start(
                config.edge(), time, table.build(), accessLog, Tracing.OFF, drain, local));
    closing.add(upstreams);
    portal.start(
        new Entry(
            (headers, _) -> admitted(headers.apply("authorization"), admin),
            SessionAdmission.NONE,
            new Tenants(database.on(Lane.LOOK_UPS), owner),
            Creates.EACH,
            time),
        // Nothing that is listed here has pages; whatever comes with a cursor is refused.
        new Cursors(MasterKey.random()),
        List.of(
            new SealedSecretsApi(database, config.masterKeys(), reason).resource(),
            new SealedKeyApi(new SealedRevocations(database, feed, time), time).resource()),
        Version.text());
    portal.await();
    ServedHere.tell(edge, url(), instance, admin.text(), dataFolder, closing);
    LOG.error("sealed: {}", reason);
  }

  /// Starts one; returns once it answers.
  ///
  /// @param reason for the operator: why the keys cannot be opened
  /// @throws IOException when the address cannot be listened on or a file not be written
  public static SealedServer start(ConfigSources sources, Time time, String reason)
      throws IOException {
    Closing closing = new Closing();
    try {
      return new SealedServer(sources, time, reason, closing);
    } catch (IOException | RuntimeException failure) {
      closing.close();
      throw failure;
    }
  }

  /// Where it answers, as seen from this machine; without a final slash.
  public String url() {
    return PublicAddress.url(config.edge().host(), edge.port(), edge.tls() != null);
  }

  private static Admitted admitted(List<String> authorization, LocalAdmin admin) {
    Secret expected = Secret.of("Bearer " + admin.text().expose());
    return authorization.size() == 1 && expected.equals(Secret.of(authorization.getFirst()))
        ? new Admitted.Yes(KeyCaller.of(new KeyLookup.Found(admin.key(), Policy.OPEN, 0)))
        : new Admitted.No(refusal(), "sealed");
  }

  /// What is handed to the portal is nobody's call to the gate: it needs no live place and no row.
  private static LiveCalls.Live noCallerRuns(Caller caller, EventExecutor loop, Runnable end) {
    throw new IllegalStateException("a sealed gate has no callers");
  }

  private static final class NothingRecorded implements Attempts {
    @Override
    public boolean accepting() {
      return false;
    }

    @Override
    public Attempt open(
        Opening opening, EventExecutor executor, Consumer<@Nullable Throwable> whenDurable) {
      throw new IllegalStateException("a sealed gate calls nobody");
    }

    @Override
    public void close(Attempt attempt, Outcome outcome) {}
  }

  private static Refusal refusal() {
    return new Refusal(
        503,
        "api_error",
        "sealed",
        "This gate is sealed: its operator has to start it with its master key.",
        null,
        RETRY_SECONDS,
        true);
  }

  /// A store that was left before its first organization was made has no keys to revoke either.
  private static Tenant owner(Database database) {
    return database.read(AccountStore::platform).orElse(new Tenant("org_none", "prj_none"));
  }

  @Override
  public void close() {
    closing.close();
  }
}
