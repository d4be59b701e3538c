package dev.gatewright.llm;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Caller;
import dev.gatewright.call.Outward;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.credential.BroughtCredential;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.ProjectCredentials;
import dev.gatewright.edge.EdgeLimits;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.listing.ProviderModels;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.provider.UsageRefused;
import dev.gatewright.llm.route.LlmConfig;
import dev.gatewright.llm.route.Payment;
import dev.gatewright.llm.route.Router;
import dev.gatewright.llm.route.Routing;
import dev.gatewright.llm.simulator.Simulator;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.circuit.Circuits;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The LLM endpoints of `/v1`, wired together: what the composition root makes and mounts.
/// Thread-safe.
public final class LlmPlane {
  /// A stream silent for so long gets a keepalive: below the idle limits of common load balancers.
  private static final Duration KEEPALIVE = Duration.ofSeconds(15);

  private final Admission admission;
  private final CredentialDirectory credentials;
  private final CustomDirectory custom;
  private final Attempts attempts;
  private final HeldBodies heldBodies;
  private final long bodyBytesMax;
  private final RelayConfig relay;
  private final Upstreams upstreams;
  private final Router router;
  private final Simulator simulator;
  private final Charges charges;
  private final OnceCalls once;
  private final Time time;
  private final long keepaliveNanos;
  private final Outward outward;
  private final UsageRefused usageRefused;
  private final ProviderModels listing;

  /// @param listing what providers have by their own lists
  /// @param heldBodies the common budget of all who hold bodies
  /// @param limits of the edge: how long a body may be
  public LlmPlane(
      Admission admission,
      CredentialDirectory credentials,
      CustomDirectory custom,
      ProviderModels listing,
      Attempts attempts,
      HeldBodies heldBodies,
      EdgeLimits limits,
      RelayConfig relay,
      Upstreams upstreams,
      LlmConfig config,
      Charges charges,
      OnceCalls once,
      Time time) {
    this(
        admission,
        credentials,
        custom,
        listing,
        attempts,
        heldBodies,
        limits,
        relay,
        upstreams,
        config,
        charges,
        once,
        time,
        KEEPALIVE);
  }

  /// For tests: a keepalive that need not be waited for.
  LlmPlane(
      Admission admission,
      CredentialDirectory credentials,
      CustomDirectory custom,
      ProviderModels listing,
      Attempts attempts,
      HeldBodies heldBodies,
      EdgeLimits limits,
      RelayConfig relay,
      Upstreams upstreams,
      LlmConfig config,
      Charges charges,
      OnceCalls once,
      Time time,
      Duration keepalive) {
    this.admission = admission;
    this.credentials = credentials;
    this.custom = custom;
    this.attempts = attempts;
    this.heldBodies = heldBodies;
    this.bodyBytesMax = limits.bodyBytes();
    this.relay = relay;
    this.upstreams = upstreams;
    this.charges = charges;
    this.once = once;
    this.time = time;
    this.simulator = new Simulator(time);
    this.keepaliveNanos = keepalive.toNanos();
    this.outward = Outward.of(admission, attempts, time);
    this.usageRefused = new UsageRefused(time);
    this.listing = listing;
    this.router =
        new Router(
            admission,
            new Circuits(time),
            this::listed,
            new Routing(config, relay, upstreams, null));
  }

  private @Nullable ListedPrice listed(Target target) {
    return charges.listed(target.name(), target.catalogued(), time.millis());
  }

  /// Mounts what tells a client with a wrong base URL the right one; before any other route.
  public static void mountHints(RouteTable.Builder routes) {
    WrongBase.mount(routes);
  }

  /// Mounts the endpoints. Whatever else lies under `/v1` is answered as not found, in the dialect
  /// the caller speaks; routes mounted before win.
  public void mount(RouteTable.Builder routes) {
    for (Endpoint endpoint : Endpoint.values()) {
      routes.post(endpoint.path(), new LlmHandler(this, endpoint));
    }
    ModelsHandler models = new ModelsHandler(this);
    routes.get("/v1/models", models).get(ModelsHandler.ONE, models);
    routes.any("/v1/{rest*}", new UnknownEndpoint());
  }

  /// Takes over an edited configuration; running calls go on as they began.
  public void configure(LlmConfig config) {
    router.routing(new Routing(config, relay, upstreams, router.routing()));
  }

  /// What providers have by their own lists.
  ProviderModels listing() {
    return listing;
  }

  Admission admission() {
    return admission;
  }

  /// Who pays.
  CredentialDirectory credentials() {
    return credentials;
  }

  /// What a caller's calls may be paid with: from memory, or read while the loop goes on. `found`
  /// or `refused` runs once, on `loop`.
  ///
  /// @param brought what the caller brought along; null = nothing
  void payment(
      Caller caller,
      @Nullable BroughtCredential brought,
      EventExecutor loop,
      Consumer<Payment> found,
      Consumer<Refusal> refused) {
    credentials.find(
        caller.tenant(),
        loop,
        result -> {
          switch (result) {
            case CredentialDirectory.Found.Unavailable(Refusal why) -> refused.accept(why);
            case CredentialDirectory.Found.View(ProjectCredentials view) ->
                found.accept(new Payment(view, brought));
          }
        });
  }

  /// What organizations have defined for themselves.
  CustomDirectory custom() {
    return custom;
  }

  Attempts attempts() {
    return attempts;
  }

  HeldBodies heldBodies() {
    return heldBodies;
  }

  long bodyBytesMax() {
    return bodyBytesMax;
  }

  Router router() {
    return router;
  }

  Outward outward() {
    return outward;
  }

  UsageRefused usageRefused() {
    return usageRefused;
  }

  /// Answers test keys.
  Simulator simulator() {
    return simulator;
  }

  /// What calls cost.
  Charges charges() {
    return charges;
  }

  /// Calls that name themselves.
  OnceCalls once() {
    return once;
  }

  Time time() {
    return time;
  }

  long keepaliveNanos() {
    return keepaliveNanos;
  }
}
