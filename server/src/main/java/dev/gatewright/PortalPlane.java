package dev.gatewright;

import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.audit.AuditApi;
import dev.gatewright.budget.AlertTeller;
import dev.gatewright.budget.BudgetApi;
import dev.gatewright.budget.BudgetPurseStore;
import dev.gatewright.config.ConfigReload;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.edge.Drain;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.event.EventApi;
import dev.gatewright.event.EventShares;
import dev.gatewright.event.Events;
import dev.gatewright.explain.ExplainApi;
import dev.gatewright.explain.PolicyPreview;
import dev.gatewright.handoff.HandoffTerms;
import dev.gatewright.identity.Identity;
import dev.gatewright.identity.IdentityConfig;
import dev.gatewright.identity.session.PublicUrl;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.limit.change.LimitApi;
import dev.gatewright.llm.custom.CustomChanges;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.custom.LlmDestinations;
import dev.gatewright.llm.custom.ModelApi;
import dev.gatewright.llm.custom.ProviderApi;
import dev.gatewright.llm.route.LlmConfig;
import dev.gatewright.mail.Mail;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.payment.PaymentApi;
import dev.gatewright.platform.Platform;
import dev.gatewright.platform.doctor.Doctor;
import dev.gatewright.platform.doctor.Finding;
import dev.gatewright.playground.PlaygroundApi;
import dev.gatewright.price.CallCostApi;
import dev.gatewright.price.PriceApi;
import dev.gatewright.price.Prices;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Resource;
import dev.gatewright.room.RoomService;
import dev.gatewright.rule.RuleApi;
import dev.gatewright.rule.RuleChanges;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Rotation;
import dev.gatewright.secret.rotation.SecretsApi;
import dev.gatewright.service.ServiceApi;
import dev.gatewright.service.ServicePlane;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.Tenants;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.tenant.purge.PurgeWatch;
import dev.gatewright.ticket.TicketApi;
import dev.gatewright.usage.UsageApi;
import dev.gatewright.usage.UsageFold;
import dev.gatewright.usage.UsageRetention;
import dev.gatewright.usage.UsageStore;
import dev.gatewright.wallet.BillingApi;
import dev.gatewright.wallet.LotExpiry;
import dev.gatewright.wallet.LowBalance;
import dev.gatewright.wallet.PostedFold;
import dev.gatewright.web.Entry;
import dev.gatewright.web.idempotency.Idempotency;
import dev.gatewright.webhook.Deliveries;
import dev.gatewright.webhook.Sending;
import dev.gatewright.webhook.WebhookApi;
import dev.gatewright.webhook.WebhookChanges;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The wiring of the portal: what its resources need, in dependency order, and the list of them.
/// Thread-safe once made.
final class PortalPlane {
  /// What it stands on.
  record Ground(
      ConfigSources sources,
      ServerConfig config,
      Path dataFolder,
      Database database,
      ChangeFeed feed,
      Keyring keyring,
      Keys keys,
      Credentials credentials,
      CustomDirectory custom,
      Mail mail,
      Ledger ledger,
      Prices prices,
      KeyAdmission admission,
      AccessTokens tokens,
      ServicePlane services,
      Fetch fetch,
      Health health,
      Time time) {
    /// The platform owner's organization and first project.
    Tenant owner() {
      return keys.first().owner();
    }
  }

  private final Ground on;
  private final ConfigReload reload;
  private final Supplier<String> local;
  private final RouteTable routes;
  private final RoomService rooms;
  private final Tenancy tenancy;
  private final WebhookChanges webhooks;
  private final PaymentApi payments;
  private final Consoles consoles;
  private final Tenants memberships;
  private final Identity people;
  private final Cursors cursors;
  private final Events events;
  private final LlmDestinations models;
  private final CustomChanges own;
  private final Reachables reachable;

  /// @param closing closes what is started here, in reverse
  /// @param local how people on this machine reach it
  PortalPlane(
      Ground on,
      RouteTable routes,
      ConfigReload reload,
      Drain drain,
      Closing closing,
      Supplier<String> local) {
    this.on = on;
    this.reload = reload;
    this.local = local;
    this.routes = routes;
    PublicUrl url = on.config.identity().publicUrl();
    consoles = new Consoles(url == null ? null : url.origin(), on.config.edge().sites(), local);
    rooms = closing.add(openRooms());
    tenancy = tenants();
    closing.add(PurgeWatch.start(tenancy.writes()));
    closing.add(LotExpiry.start(on.database, on.time));
    closing.add(PostedFold.start(on.database));
    closing.add(UsageRetention.start(on.database, on.time));
    closing.add(UsageFold.start(on.database, on.time));
    Notices notices = Notices.register(on.mail, on.database, consoles);
    payments =
        closing.add(
            PaymentApi.start(
                on.config.payments(),
                new PaymentApi.Ground(
                    on.database,
                    on.ledger.projector(),
                    tenancy.writes(),
                    notices,
                    on.fetch,
                    consoles,
                    on.time)));
    closing.add(LowBalance.start(on.database, notices, on.time));
    webhooks = new WebhookChanges(tenancy.writes(), notices);
    closing.add(
        Deliveries.start(
            on.database,
            on.keyring,
            on.fetch,
            webhooks,
            new Sending.Terms(on.custom.rules(), RandomGenerator.getDefault(), on.time)));
    closing.add(AlertTeller.start(on.database, on.mail, on.time));
    memberships = new Tenants(on.database.on(Lane.LOOK_UPS), on.owner());
    people = closing.add(identity());
    reload.register(edited -> {
      IdentityConfig next = IdentityConfig.from(edited);
      SitesConfig sites = SitesConfig.from(edited);
      return () -> {
        consoles.configure(sites);
        people.configure(next);
      };
    });
    cursors = new Cursors(on.keyring);
    events = closing.add(events());
    drain.onBegin(events::drain);
    models = new LlmDestinations(on.config.llm(), on.config.relay(), on.custom, on.fetch);
    own = new CustomChanges(on.database, on.feed, on.keys.audit(), on.time);
    reload.register(edited -> models.reconfigure(LlmConfig.from(edited)));
    reachable = reachable(reload);
  }

  Identity people() {
    return people;
  }

  Cursors cursors() {
    return cursors;
  }

  /// Whom the door asks who calls.
  Entry entry() {
    return new Entry(
        on.admission::admit,
        people.admission(),
        memberships,
        new Idempotency(on.database, on.keys.audit(), on.time),
        on.time);
  }

  List<Resource> resources() {
    return Resource.all(
        tenancy.resources(on.config.identity(), consoles),
        on.keys.api(reachable, on.time).resource(),
        on.keys.migrationApi(on.time).resource(),
        rules().resource(),
        new LimitApi(tenancy.writes(), on.keys.lists(), on.owner()).resource(),
        explain().resource(),
        new AuditApi(on.keys.audit(), on.database).resource(),
        new TicketApi(on.keys.tickets()).resource(),
        new PlaygroundApi(on.keys.changes(), on.tokens, on.time).resource(),
        new BillingApi(
                on.database,
                on.ledger.projector(),
                tenancy.writes(),
                payments.refunds(),
                handle -> BudgetPurseStore.limits(handle, on.time.millis()))
            .resource(),
        payments.resource(),
        new WebhookApi(webhooks, on.keyring, on.custom.rules()).resource(),
        new BudgetApi(on.database, tenancy.writes()).resource(),
        new CallCostApi(on.database, on.ledger.projector(), on.prices::book).resource(),
        new UsageApi(
                new UsageStore(on.database),
                on.database,
                on.ledger.projector(),
                tenancy.writes(),
                on.time)
            .resource(),
        new ServiceApi(on.services, on.owner().organizationId()).resource(),
        secrets().resource(),
        new PriceApi(
                on.prices,
                on.database,
                on.feed,
                on.keys.audit(),
                on.owner(),
                target -> models.config().providers().listed(target),
                id -> on.services.find(id) != null,
                on.time)
            .resource(),
        rooms.resource(),
        people.resource(),
        new ProviderApi(own, on.keyring, models, on.custom.rules(), on.time).resource(),
        new ModelApi(own, models, on.time).resource(),
        new EventApi(events).resource(),
        Platform.resource(on.sources, reload, consoles, doctor(), on.time),
        on.credentials
            .api(models, on.services.destinations(on.fetch), rooms.destinations(), on.time)
            .resource());
  }

  private Events events() {
    return Events.start(
        new Events.Ground(
            on.database,
            on.database.on(Lane.LOOK_UPS),
            on.feed,
            cursors,
            people.watch(),
            memberships,
            on.time),
        new EventShares(
            HandoffTerms.STREAMS_MAX,
            ShareLimits.of(
                HandoffTerms.STREAMS_MAX, on.config.edge().limits().shares().eventStreams())));
  }

  private Identity identity() {
    return Identity.start(
        on.config.identity(),
        new Identity.Ground(
            on.database,
            on.feed,
            on.keys.audit(),
            on.keys.changes(),
            on.owner(),
            memberships,
            DataFolder.of(on.dataFolder),
            on.mail,
            on.fetch,
            consoles,
            on.time),
        on.keyring);
  }

  private RoomService openRooms() {
    return RoomService.open(
        on.config.rooms(),
        on.config.relay().allow(),
        on.database,
        on.keyring,
        on.ledger.attempts(),
        on.admission,
        on.credentials.directory(),
        on.fetch,
        consoles::limitsClass,
        on.time);
  }

  private Tenancy tenants() {
    return new Tenancy(
        new TenantWrites(on.database, on.feed, on.keys.audit(), on.time),
        on.keys.changes(),
        on.keys.imports(),
        on.keyring,
        on.mail,
        on.owner(),
        on.time);
  }

  private Reachables reachable(ConfigReload reload) {
    Reachables reachable = new Reachables(on.config, own, on.prices::book, on.time);
    reload.register(edited -> {
      ServerConfig judged = ServerConfig.from(edited);
      return () -> reachable.configure(judged);
    });
    return reachable;
  }

  private ExplainApi explain() {
    PolicyPreview preview =
        new PolicyPreview(
            on.database,
            new UsageStore(on.database),
            on.keys.lists(),
            (version, target, at) -> on.prices.book().recorded(version, target, at),
            on.time);
    return new ExplainApi(on.admission, on.keys.lists(), routes, rooms, preview);
  }

  private RuleApi rules() {
    RuleChanges changes =
        new RuleChanges(
            on.database, on.feed, on.keys.audit(), on.keys.changes(), on.keys.lists(), on.time);
    return new RuleApi(on.database, changes, on.keys.lists());
  }

  private Doctor doctor() {
    return new Doctor(
        ServerConfig::judge,
        _ -> {
          List<String> concerns = on.health.concerns();
          return concerns.isEmpty()
              ? Finding.ok("server", local.get())
              : Finding.warning(
                  "server",
                  "%s says: %s".formatted(local.get(), String.join("; ", concerns)),
                  "Do what it says.");
        },
        on.time);
  }

  private SecretsApi secrets() {
    return new SecretsApi(
        new Rotation(on.keyring, on.config.masterKeys(), on.time), on.keys.audit(), on.owner());
  }
}
