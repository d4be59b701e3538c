package dev.gatewright;

import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.admission.StatusHandler;
import dev.gatewright.admission.TicketAdmission;
import dev.gatewright.admission.TokenHandler;
import dev.gatewright.audit.AnchorLine;
import dev.gatewright.audit.AuditWatch;
import dev.gatewright.call.Outward;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.config.ConfigReload;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.edge.CorsConfig;
import dev.gatewright.edge.Drain;
import dev.gatewright.edge.EdgeLimits;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.edge.tls.TlsDoor;
import dev.gatewright.handoff.HandoffTerms;
import dev.gatewright.identity.Identity;
import dev.gatewright.ingress.IngressPlane;
import dev.gatewright.jwt.JwksFetch;
import dev.gatewright.jwt.JwtConfig;
import dev.gatewright.jwt.JwtTokens;
import dev.gatewright.key.migration.KeyFileWatch;
import dev.gatewright.key.sealed.SealedRevocations;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.MeasuredAttempts;
import dev.gatewright.limit.Limits;
import dev.gatewright.llm.LlmPlane;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.listing.ProviderModels;
import dev.gatewright.mail.Mail;
import dev.gatewright.mail.MailConfig;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.otlp.Otlp;
import dev.gatewright.otlp.OtlpConfig;
import dev.gatewright.price.Prices;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.KeyringStart;
import dev.gatewright.service.ServiceBodies;
import dev.gatewright.service.ServicePlane;
import dev.gatewright.service.ServiceTold;
import dev.gatewright.service.form.BodySpool;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.Stores;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Logging;
import dev.gatewright.telemetry.Metrics;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole server, put together by hand: configuration, then each package's wiring, one line
/// each, in the order in which they need each other. Closed in reverse. Thread-safe once started.
public final class Gatewright implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gatewright.class);
  private static final Duration RELOAD_POLL = Duration.ofSeconds(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final long STALE_MILLIS_MAX = 10_000;

  private final Closing closing;
  private final Drain drain = new Drain();
  private final Health health;
  private final ServerConfig config;
  private final EdgeServer edge;
  private final Metrics metrics;
  private final Path dataFolder;
  private final Database database;
  private final Keys keys;
  private final Credentials credentials;
  private final Limits limits;
  private final ControlPlane portal;
  private @Nullable Identity identity;
  private final RouteTable routes;
  private @Nullable Secret firstTestKey;
  private @Nullable Secret setupLink;
  private final ConfigReload reload;
  private final String instance;

  private Gatewright(ConfigSources sources, Time time, Closing closing) throws IOException {
    this.closing = closing;
    Settings settings = sources.load();
    config = ServerConfig.from(settings);
    OtlpConfig collecting = Collecting.config(sources.environment());
    Logging.apply(config.logLevel(), config.logJson());
    String version = Version.text();

    dataFolder = DataFolder.of(config.store().dataFolder()).path();
    database = closing.add(Stores.open(config.store(), time));
    metrics = closing.add(Metrics.start(config.metrics()));
    ChangeFeed feed = closing.add(ChangeFeed.start(database, time));
    Keyring keyring = KeyringStart.open(database, config.masterKeys(), time);
    keyring.listen(feed);
    keys = closing.add(Keys.start(database, feed, keyring, time));
    credentials = Credentials.of(database, feed, keys.audit(), keyring, time);
    Mail mail = closing.add(Mail.start(mailConfig(), database, time));
    Money money = Money.start(database, feed, keys, config, closing, time);
    Prices prices = money.prices();
    Ledger ledger = money.ledger();
    MeasuredAttempts attempts = new MeasuredAttempts(ledger.attempts());
    WayIn wayIn = WayIn.start(database, feed, keyring, keys, money, config, closing, time);
    limits = wayIn.limits();
    KeyAdmission admission = wayIn.admission();
    AccessTokens granted = wayIn.granted();
    JwtTokens tokens = wayIn.tokens();
    AccessLog accessLog = closing.add(AccessLog.open(dataFolder));
    // Closed behind the edge: by then the last call is over, and told.
    Otlp otlp = Collecting.start(collecting, version, ledger.instanceId(), metrics, time);
    Tracing tracing = otlp == null ? Tracing.OFF : closing.add(otlp).tracing();
    portal = closing.add(new ControlPlane(tracing));
    Upstreams upstreams = new Upstreams(time);
    CustomDirectory custom =
        new CustomDirectory(
            database.on(Lane.LOOK_UPS), feed, keyring, config.relay(), upstreams, time);
    ProviderModels listing = new ProviderModels(credentials.directory(), config.relay(), time);
    health = new Health(version, ledger.instanceId(), drain::leaving);
    health.require(() -> ledger.attempts().accepting() ? null : "calls cannot be recorded");
    health.mention(ledger.projector()::problem);
    health.require(() -> stale(feed.stalenessMillis()));
    watchKeys(time);
    AuditWatch auditWatch =
        closing.add(
            AuditWatch.start(
                keys.audit(),
                database,
                DataFolder.of(dataFolder),
                anchor -> accessLog.offer(AnchorLine.of(anchor), 1)));
    health.mention(auditWatch::problem);
    health.mention(keyring::problem);
    health.mention(mail::problem);
    health.show("limits", "mode", limits::mode);

    reload = closing.add(new ConfigReload(sources, settings, RELOAD_POLL));
    HeldBodies heldBodies = config.edge().limits().heldBodies();
    OnceCalls once = new OnceCalls(database, ledger::instanceId, time);
    ServicePlane services = services(admission, attempts, heldBodies, upstreams, money, once, time);
    RouteTable.Builder table = RouteTable.builder();
    Routes.server(
        table,
        health,
        new StatusHandler(admission, limits, time),
        version,
        config.planes().portal());
    table.post("/api/auth/token", TokenHandler.granting(granted, keys.directory()));
    table.post("/api/auth/token/introspect", TokenHandler.introspecting(granted, keys.directory()));
    if (config.planes().data()) {
      LlmPlane.mountHints(table);
    }
    if (config.planes().portal()) {
      Routes.portal(
          table,
          portal.handoff(
              new Outward(admission.liveCalls(), ledger.attempts(), time),
              upstreams,
              HandoffTerms.of(
                  config.edge().limits().shares(), heldBodies, portal, admission::holder)));
    }
    if (config.planes().data()) {
      // Before every row a service could have: what front proxies ask.
      new IngressPlane(
              admission, services, config.ingress(), this::listed, config.edge().trustedProxies())
          .mount(table);
      EdgeLimits limits = config.edge().limits();
      LlmPlane llm =
          new LlmPlane(
              admission,
              credentials.directory(),
              custom,
              listing,
              attempts,
              heldBodies,
              limits,
              config.relay(),
              upstreams,
              config.llm(),
              money.charges(),
              once,
              time);
      llm.mount(table);
      services.mount(table);
      reload.register(edited -> reconfigure(llm, services, prices, edited));
    }
    routes = table.build();
    LocalCaller local = new LocalCaller(keys.localAdmin().text());
    edge =
        closing.add(
            EdgeServer.start(config.edge(), time, routes, accessLog, tracing, drain, local));
    TlsDoor tls = edge.tls();
    if (tls != null) {
      health.mention(tls::problem);
    }
    // Closed before the loops its connections live on.
    closing.add(upstreams);
    reload.register(edited -> {
      CorsConfig cors = CorsConfig.from(edited);
      SitesConfig sites = SitesConfig.from(edited);
      return () -> edge.configure(cors, sites);
    });
    Fetch fetch = new Fetch(upstreams, edge.loops());
    tokens.fetchThrough(new JwksFetch(fetch, config.relay().allow()));
    listing.fetchThrough(fetch);
    reload.register(edited -> {
      JwtConfig jwt = JwtConfig.from(edited);
      return () -> tokens.configure(jwt);
    });
    if (config.planes().data()) {
      String platform = keys.first().owner().organizationId();
      closing.add(services.start(fetch, new ServiceTold(database, platform, time)));
    }
    if (config.planes().portal()) {
      PortalPlane.Ground ground =
          new PortalPlane.Ground(
              sources,
              config,
              dataFolder,
              database,
              feed,
              keyring,
              keys,
              credentials,
              custom,
              mail,
              ledger,
              prices,
              admission,
              granted,
              services,
              fetch,
              health,
              time);
      PortalPlane plane = new PortalPlane(ground, routes, reload, drain, closing, this::local);
      identity = plane.people();
      portal.start(plane.entry(), plane.cursors(), plane.resources(), version);
    }
    Meters.bind(metrics, edge, accessLog, feed, health);
    StoreMeters.bind(metrics.registry(), ledger, database);
    Meters.attempts(metrics, attempts.figures());
    if (collecting.metrics() != null) {
      Meters.genAi(metrics, attempts.figures().genAi());
    }
    Meters.upstreams(metrics.registry(), upstreams);
    Meters.mail(metrics.registry(), mail);
    Meters.services(metrics.registry(), services);
    instance = ledger.instanceId();
  }

  /// Whether a host is one of `sites`, as they are now.
  private boolean listed(String host) {
    return edge.sites().lists(host);
  }

  /// Mail follows from what the portal does; a process without one sends none.
  private @Nullable MailConfig mailConfig() {
    return config.planes().portal() ? config.mail() : null;
  }

  private ServicePlane services(
      KeyAdmission admission,
      Attempts attempts,
      HeldBodies heldBodies,
      Upstreams upstreams,
      Money money,
      OnceCalls once,
      Time time) {
    return new ServicePlane(
        admission,
        new TicketAdmission(keys.tickets()),
        credentials.directory(),
        attempts,
        config.relay(),
        upstreams,
        config.services(),
        new ServiceBodies(
            heldBodies,
            config.edge().limits().bodyBytes(),
            closing.add(new BodySpool(dataFolder.resolve("spool")))),
        config.edge().limits().shares(),
        money.charges(),
        once,
        time);
  }

  /// The end of a start: the portal answers, and the command line can find this server.
  private void complete() throws IOException {
    if (config.planes().portal()) {
      portal.await();
    }
    reload.start();
    ServedHere.tell(edge, url(), instance, keys.localAdmin().text(), dataFolder, closing);
  }

  /// Starts a server and returns once every plane of it answers.
  ///
  /// @param announce takes what a start has to say to the person who started it; called once,
  ///   before the server calls itself healthy
  /// @throws IOException when an address cannot be listened on or a file not be written
  /// @throws Settings.InvalidSetting when the configuration does not fit
  /// @throws DataFolder.InUse when another process has the data folder
  /// @throws SealedKeyring when the store's keys cannot be opened: see [SealedServer]
  public static Gatewright start(ConfigSources sources, Time time, Consumer<String> announce)
      throws IOException {
    Closing closing = new Closing();
    try {
      Gatewright started = new Gatewright(sources, time, closing);
      started.complete();
      started.firstTestKey = started.keys.first().takeTestKey();
      started.setupLink = started.newSetupLink();
      announce.accept(started.greeting());
      started.health.ready();
      Thread.ofVirtual().name("sealed-revocations").start(started::enterRevocations);
      return started;
    } catch (IOException | RuntimeException failure) {
      closing.close();
      throw failure;
    }
  }

  /// What was done while the gate was sealed, behind everything else.
  private void enterRevocations() {
    try {
      SealedRevocations.enter(database, keys.audit());
    } catch (RuntimeException failed) {
      LOG.warn("revocations of a sealed gate wait for the next start: {}", failed.getMessage());
    }
  }

  /// The same for those who need no greeting.
  public static Gatewright start(ConfigSources sources, Time time) throws IOException {
    return start(sources, time, _ -> {});
  }

  /// Judges an edit by the very code a start runs, and returns what puts in force the part of it
  /// that may change while calls run.
  private static Runnable reconfigure(
      LlmPlane llm, ServicePlane services, Prices prices, Settings edited) {
    ServerConfig config = ServerConfig.from(edited);
    return () -> {
      llm.configure(config.llm());
      services.configure(config.services());
      prices.configure(config.prices());
    };
  }

  private void watchKeys(Time time) {
    KeyFileWatch watch = keys.watch(config.keys(), time);
    if (watch != null) {
      closing.add(watch);
      health.mention(watch::problem);
    }
  }

  private static @Nullable String stale(long millis) {
    return millis <= STALE_MILLIS_MAX
        ? null
        : "changes of keys and policies have not been heard for %d s".formatted(millis / 1000);
  }

  private String greeting() {
    return Greeting.text(
        Version.text(),
        PublicAddress.shown(config.edge().host(), edge.port(), edge.tls() != null),
        dataFolder,
        firstTestKey,
        setupLink);
  }

  private @Nullable Secret newSetupLink() {
    return identity == null ? null : identity.setupLink();
  }

  /// How people on this machine reach it.
  private String local() {
    return PublicAddress.local(edge.port(), edge.tls() != null);
  }

  /// Where it answers, as seen from this machine; without a final slash.
  public String url() {
    return PublicAddress.url(config.edge().host(), edge.port(), edge.tls() != null);
  }

  /// The metrics listener's port; 0 when there is none.
  public int metricsPort() {
    return metrics.port();
  }

  public Path dataFolder() {
    return dataFolder;
  }

  /// The test key of the very first start on this data; null later.
  public @Nullable Secret firstTestKey() {
    return firstTestKey;
  }

  /// The admin key of this start, as in `server.json`.
  public Secret localAdminKey() {
    return keys.localAdmin().text();
  }

  /// Looks at the configuration file now instead of within a second; true when an edit was put in
  /// force.
  public boolean reloadNow() {
    return reload.look();
  }

  /// Ends gently, as the setting `serve` says: calls are served while others notice, then see
  /// [#stop(Duration)]. Blocks.
  public void stop() {
    drain.announce();
    try {
      Thread.sleep(config.stop().delay());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    stop(config.stop().grace());
  }

  /// Ends gently: no new calls from now on; running ones finish within `grace`, then get their
  /// dialect's error event; then everything is closed. Blocks.
  public void stop(Duration grace) {
    drain.begin();
    try {
      if (!drain.awaitIdle(grace)) {
        LOG.warn(
            "{} calls still run after {} s: they are ended", drain.running(), grace.toSeconds());
        drain.expire();
        drain.awaitIdle(LAST_WORDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /// `METHOD template` of everything this process answers, the portal's part included.
  List<String> routes() {
    List<String> all = new ArrayList<>(routes.listed());
    if (config.planes().portal()) {
      all.addAll(portal.await().routes());
    }
    return all;
  }

  /// Templates of what this process serves whole, as [RouteTable#open()].
  List<String> openRoutes() {
    return routes.open();
  }

  /// How this server goes when it is told to stop.
  StopConfig stopping() {
    return config.stop();
  }

  /// Calls that run at the moment.
  public long running() {
    return drain.running();
  }

  /// Ends at once: running calls are broken off.
  @Override
  public void close() {
    closing.close();
  }
}
