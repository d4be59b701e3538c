package dev.gatewright.llm;

import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.call.once.OnceCalls;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.credential.CredentialDirectory;
import dev.gatewright.credential.TestCredentials;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.edge.EdgeLimits;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.listing.ProviderModels;
import dev.gatewright.llm.route.LlmConfig;
import dev.gatewright.policy.Rule;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.relay.RelayConfig;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.RecordedAttempts;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The LLM endpoints on a real edge, with real keys, a real attempt log and a provider of each
/// dialect over loopback. Models: `fast` (OpenAI), `claude` (Anthropic), `quiet` (never asks for
/// usage), `down` (nobody listens).
final class LlmWorld implements AutoCloseable {
  static final EdgeLimits LIMITS =
      new EdgeLimits(
          32 << 10,
          1 << 20,
          2 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          1000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(75));

  final RawProvider provider = new RawProvider();
  final RecordedAttempts attempts;
  final TestKeys keys;
  final KeyAdmission admission;
  final EdgeServer edge;
  final LlmPlane plane;
  final String live;
  final String test;
  private final TestStore store = TestStore.fresh(Database.Kind.SQLITE);
  private final Ledger ledger;
  private final Upstreams upstreams;
  private final AccessLog log;
  private final Path folder;

  LlmWorld() throws IOException {
    this(Duration.ofSeconds(15));
  }

  LlmWorld(Duration keepalive) throws IOException {
    Time time = Time.system();
    folder = Files.createTempDirectory("llm-test");
    keys = new TestKeys(store.database());
    ledger = Ledger.start(store.database(), time);
    attempts = new RecordedAttempts(ledger.attempts());
    admission = new KeyAdmission(keys.keys.directory(), keys.feed, time);
    upstreams = new Upstreams(time);
    CredentialDirectory credentials = TestCredentials.over(keys).directory();
    RelayConfig relay = new RelayConfig(List.of(), 1024);
    plane =
        new LlmPlane(
            admission,
            credentials,
            new CustomDirectory(
                store.database(), keys.feed, TestCredentials.keyring(keys), relay, upstreams, time),
            new ProviderModels(credentials, relay, time),
            attempts,
            new HeldBodies(LIMITS.heldBodiesBytes()),
            LIMITS,
            relay,
            upstreams,
            config(yaml(provider.port())),
            Charges.NONE,
            new OnceCalls(store.database(), ledger::instanceId, time),
            time,
            keepalive);
    RouteTable.Builder routes = RouteTable.builder();
    plane.mount(routes);
    log = AccessLog.open(folder);
    edge = EdgeServer.start(EdgeConfig.loopback().withLimits(LIMITS), time, routes.build(), log);
    live = key(ApiKey.Kind.LIVE).text().expose();
    test = key(ApiKey.Kind.TEST).text().expose();
  }

  KeyChanges.Made key(ApiKey.Kind kind, Rule... rules) {
    return keys.make(kind, rules);
  }

  void revoke(KeyChanges.Made key) {
    keys.revoke(key);
  }

  RawCaller caller() throws IOException {
    return new RawCaller(edge.port());
  }

  RawCaller.Reply post(String path, String key, String body, String... headers) throws IOException {
    try (RawCaller caller = caller()) {
      return caller.post(path, key, body, headers).reply();
    }
  }

  RawCaller.Reply get(String path, String key, String... headers) throws IOException {
    try (RawCaller caller = caller()) {
      return caller.request("GET", path, key, "", headers).reply();
    }
  }

  static LlmConfig config(String yaml) {
    return LlmConfig.from(ConfigSources.ofText(yaml).load());
  }

  private static String yaml(int port) {
    return """
    providers:
      - { id: local, dialect: openai, base-url: "http://127.0.0.1:PORT/v1/", api-key: sk-local,
          allow-private: true, headers: { X-Team: blue }, timeouts: { first-byte: 2s, idle: 2s } }
      - { id: claudes, dialect: anthropic, base-url: "http://127.0.0.1:PORT/v1", api-key: sk-claude,
          allow-private: true }
      - { id: quiet, dialect: openai, base-url: "http://127.0.0.1:PORT/v1", allow-private: true,
          stream-usage: never }
      - { id: walled, dialect: openai, base-url: "http://127.0.0.1:PORT/v1" }
      - { id: deaf, dialect: openai, base-url: "https://127.0.0.1:PORT/v1", allow-private: true }
      - { id: nobody, dialect: openai, base-url: "http://127.0.0.1:1/v1", allow-private: true }
    models:
      - { id: fast, targets: [local/gpt-4o-mini] }
      - { id: quiet, targets: [quiet/gpt-4o-mini] }
      - { id: claude, targets: [claudes/claude-sonnet-4-5] }
      - { id: down, targets: [nobody/gpt-4o-mini] }
      - { id: deaf, targets: [deaf/gpt-4o-mini] }
      - { id: pair, targets: [local/first, local/second] }
      - { id: spare, targets: [nobody/gpt-4o-mini, local/gpt-4o-mini] }
    """
        .replace("PORT", Integer.toString(port));
  }

  @Override
  public void close() throws IOException {
    edge.close();
    upstreams.close();
    log.close();
    admission.close();
    ledger.close();
    keys.close();
    store.close();
    provider.close();
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
