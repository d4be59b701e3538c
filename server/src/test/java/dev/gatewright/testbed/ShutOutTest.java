package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.store.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What one caller can take, with a key or without: never the process, never all of anything. While
/// each attack goes on, under the launcher's own memory, somebody else is answered and the operator
/// revokes a key by the command line.
class ShutOutTest {
  private static final String[] LAUNCHER = {
    "-Xms64m", "-Xmx256m", "-XX:MaxDirectMemorySize=448m", "-XX:+ExitOnOutOfMemoryError"
  };
  private static final long RSS_MAX = 400L << 20;
  private static final Duration SERVED = Duration.ofSeconds(1);
  private static final Duration REVOKED = Duration.ofSeconds(2);

  /// On a machine that others use too, one measurement may be spoilt by them; three are not.
  private static final int MEASUREMENTS = 3;

  private static final String CHAT =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir Path folder;

  private final HttpServer backend = backend();

  /// Answers once it has the whole request.
  private static HttpServer backend() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String settings(HttpServer backend, EchoBackend echo) {
    return """
    limits: { body: 1MiB, connections: 2000 }
    services:
      - id: tts
        preset: http
        instances: ["http://127.0.0.1:%d"]
        concurrency: 4
        queue: { length: 2, wait: 30s }
        allow: [GET /live, POST /post]
      - id: echo
        preset: http
        instances: ["%s"]
        concurrency: 8
        sockets: { max: 4 }
        allow: [GET /ws]
    """
        .formatted(backend.getAddress().getPort(), echo.url());
  }

  /// What is attacked, and with whose keys.
  private record World(ChildGate gate, String greedy, String other) {}

  /// One way to take too much.
  private interface Attack {
    void begin(World world, Greed greed) throws Exception;
  }

  private static List<String> post(String path, String length, String... headers) {
    List<String> head = new ArrayList<>();
    head.add("POST " + path + " HTTP/1.1");
    head.add("host: localhost");
    head.add("content-type: application/json");
    head.add("content-length: " + length);
    head.addAll(List.of(headers));
    return head;
  }

  private static String bearer(String key) {
    return "authorization: Bearer " + key;
  }

  private static void unfinishedPortalBodies(World world, Greed greed) throws Exception {
    String key = bearer(world.greedy());
    greed.begin(120, post("/api/tickets", "1048576", key), 1_040_000);
    greed.begin(400, post("/v1/rooms", "65536", "x-provider-auth: Bearer x"), 65_000);
    greed.begin(120, post("/api/keys/import", "1048576", key), 1_040_000);
    greed.begin(60, post("/api/keys/import", "1048576"), 1_040_000);
  }

  private static void slowTickets(World world, Greed greed) throws Exception {
    greed.begin(600, post("/api/tickets", "4000", bearer(world.greedy())), 100);
  }

  private static void heldBodies(World world, Greed greed) throws Exception {
    greed.begin(200, post("/v1/chat/completions", "1048576", bearer(world.greedy())), 1_000_000);
  }

  private static void slotsAndSockets(World world, Greed greed) throws Exception {
    String key = bearer(world.greedy());
    greed.begin(20, post("/tts/api/post", "900000", key), 100);
    List<String> socket = new ArrayList<>(List.of("GET /echo/ws HTTP/1.1", "host: localhost", key));
    socket.addAll(List.of(SocketWorld.HANDSHAKE));
    greed.begin(10, socket, 0);
  }

  private static void connections(World world, Greed greed) throws Exception {
    greed.begin(2_100, List.of("GET / HTTP/1.1", "host: localhost", "x-unfinished: 1"), 0);
  }

  private static void unfinishedHeads(World world, Greed greed) throws Exception {
    greed.begin(
        900, List.of("GET / HTTP/1.1", "host: localhost", "x-long: " + "x".repeat(30_000)), 0, "");
  }

  @ParameterizedTest
  @EnumSource(Database.Kind.class)
  void nobody_takes_all_there_is(Database.Kind kind) throws Exception {
    run(kind, Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource(Database.Kind.class)
  @Tag("long")
  void nobody_takes_all_there_is_for_long(Database.Kind kind) throws Exception {
    run(kind, Duration.ofSeconds(60));
  }

  private void run(Database.Kind kind, Duration each) throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        EchoBackend echo = EchoBackend.start()) {
      GateSetup setup =
          GateSetup.usual(folder, provider).jvm(LAUNCHER).settings(settings(backend, echo));
      if (kind == Database.Kind.POSTGRES) {
        setup.environment("DATABASE_URL", TestPostgres.emptyUrl());
        setup.environment("GATEWRIGHT_MASTER_KEY", masterKey());
      }
      try (ChildGate gate = ChildGate.start(setup)) {
        World world =
            new World(
                gate, gate.admin().liveKey("greedy").key(), gate.admin().liveKey("other").key());
        // Known to the gate, as any key in use is.
        chat(world, world.greedy());
        chat(world, world.other());
        attack("unfinished bodies at the portal", world, each, ShutOutTest::unfinishedPortalBodies);
        attack("slow tickets", world, each, ShutOutTest::slowTickets);
        attack("held bodies", world, each, ShutOutTest::heldBodies);
        attack("slots and sockets", world, each, ShutOutTest::slotsAndSockets);
        attack("unfinished heads", world, each, ShutOutTest::unfinishedHeads);
        attack("connections", world, each, ShutOutTest::connections);
        assertThat(gate.rssBytesMax()).as("resident memory").isLessThan(RSS_MAX);
      }
    } finally {
      backend.stop(0);
    }
  }

  private static String masterKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void attack(String name, World world, Duration lasts, Attack attack) throws Exception {
    AdminClient.Key leaked = world.gate().admin().liveKey("leaked");
    try (Greed greed = new Greed(world.gate().port())) {
      attack.begin(world, greed);
      long until = System.nanoTime() + lasts.toNanos();
      do {
        greed.trickle();
        others(name, world);
      } while (System.nanoTime() < until);
      long revoked = System.nanoTime();
      revoke(name, world.gate(), leaked.id());
      assertThat(since(revoked)).as("revoked during %s", name).isLessThan(REVOKED);
      assertThat(world.gate().process().isAlive()).as("alive after %s", name).isTrue();
    }
  }

  /// Another key's calls, each at its best.
  private static void others(String name, World world) throws Exception {
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < MEASUREMENTS && best.compareTo(SERVED) > 0; i++) {
      long began = System.nanoTime();
      chat(world, world.other());
      try (RawClient client = world.gate().caller()) {
        assertThat(client.get("/tts/api/live", world.other()).answer().status())
            .as("a service during %s", name)
            .isEqualTo(204);
      }
      try (RawClient client = world.gate().caller()) {
        assertThat(client.get("/echo/ws", world.other(), SocketWorld.HANDSHAKE).head().status())
            .as("a socket during %s", name)
            .isEqualTo(101);
      }
      best = best.compareTo(since(began)) < 0 ? best : since(began);
    }
    assertThat(best).as("others during %s", name).isLessThan(SERVED);
  }

  private static void chat(World world, String key) throws IOException {
    try (RawClient client = world.gate().caller()) {
      assertThat(client.post("/v1/chat/completions", key, CHAT).answer().status()).isEqualTo(200);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static void revoke(String during, ChildGate gate, String id) {
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(out),
            new PrintWriter(out),
            Map.of("GATEWRIGHT_DATA", gate.data().toString()),
            false);
    int exit = GatewrightCommand.run(List.of("keys", "revoke", id), terminal, new NoServer());
    assertThat(exit).as("keys revoke during %s: %s", during, out).isZero();
  }

  /// The command line of a machine where nothing is started.
  private static final class NoServer implements Installation {
    @Override
    public int serve(Map<String, String> flags, Terminal terminal) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void judge(ConfigSources sources) {
      throw new AssertionError("not asked for");
    }

    @Override
    public String version() {
      return "test";
    }
  }
}
