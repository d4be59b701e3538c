package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.UsageRows.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/// The stack of `deploy/compose/replicas.yaml` as processes in place of containers: the gates with
/// the file's environment, Redis with the words of its command, Caddy with its file. A replica,
/// PostgreSQL and Redis are killed under calls: no call whose answer a caller saw is missing from
/// usage, none is there twice.
@Tag("system")
class ComposeStackSystemTest {
  private static final int CALLERS = 8;
  private static final int CALLS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  private final Map<?, ?> services;
  private final Queue<String> answered = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();

  ComposeStackSystemTest() throws IOException {
    Map<?, ?> file = new Yaml().load(Files.readString(Path.of("../deploy/compose/replicas.yaml")));
    services = part(file, "services");
  }

  @Test
  void kills_under_load_lose_no_call_a_caller_saw() throws Exception {
    Map<?, ?> database = part(part(services, "postgres"), "environment");
    String password = "p4ssword";
    int port = freePort();
    try (FakeProvider provider = FakeProvider.start();
        KillablePostgres postgres =
            KillablePostgres.start(
                Files.createDirectories(folder.resolve("postgres")),
                String.valueOf(database.get("POSTGRES_DB")),
                password);
        TestRedis redis = TestRedis.start(redisOptions())) {
      Map<String, String> variables = new HashMap<>();
      variables.put("POSTGRES_PASSWORD", password);
      variables.put("GATEWRIGHT_MASTER_KEY", masterKey());
      GateSetup first = gate("gate-1", provider, variables, postgres, redis);
      GateSetup second = gate("gate-2", provider, variables, postgres, redis);
      ChildGate one = ChildGate.start(first);
      ChildGate two = ChildGate.start(second);
      Process caddy = ReplicasCaddy.start(folder, port, first.port(), second.port());
      List<Thread> callers = new ArrayList<>();
      try (HttpClient client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        String key = two.admin().liveKey("k").key();
        URI address = URI.create("http://127.0.0.1:" + port);
        Await.until("calls pass", PATIENCE, () -> call(client, address, key) == 200);
        URI health = two.url().resolve("/health");
        Await.until(
            "Redis counts", PATIENCE, () -> get(client, health).contains("\"mode\":\"redis\""));
        for (int i = 0; i < CALLERS; i++) {
          callers.add(
              Thread.ofVirtual()
                  .start(() -> {
                    while (!over.get()) {
                      call(client, address, key);
                    }
                  }));
        }
        more();
        one.kill();
        more();
        one = ChildGate.start(first);
        more();
        postgres.kill();
        postgres.again();
        more();
        redis.kill();
        more();
        redis.again();
        more();
        Await.until(
            "Redis counts again",
            PATIENCE,
            () -> get(client, health).contains("\"mode\":\"redis\""));
        stop(callers);

        Set<String> seen = new TreeSet<>(answered);
        assertThat(seen).hasSizeGreaterThan(6 * CALLS);
        ChildGate living = two;
        Set<String> missing = new TreeSet<>(seen);
        try {
          Await.until(
              "every call is counted, the killed replica's too",
              PATIENCE,
              () -> {
                living.admin().usage("by=model");
                missing.removeAll(outcomes(postgres).keySet());
                return missing.isEmpty();
              });
        } catch (AssertionError never) {
          throw new AssertionError(
              "%d of %d: %s".formatted(missing.size(), seen.size(), missing), never);
        }
        Map<String, List<String>> outcomes = outcomes(postgres);
        assertThat(seen).allSatisfy(id -> assertThat(outcomes.get(id)).hasSize(1));
        // What a replica was answering when it was killed has no recorded end.
        assertThat(seen)
            .filteredOn(id -> !List.of("completed").equals(outcomes.get(id)))
            .hasSizeLessThan(2 * CALLERS)
            .allSatisfy(id -> assertThat(outcomes.get(id)).containsExactly("interrupted"));
      } finally {
        stop(callers);
        caddy.destroy();
        caddy.waitFor();
        one.close();
        two.close();
      }
    }
  }

  private void more() throws Exception {
    int from = answered.size();
    Await.until(CALLS + " calls", PATIENCE, () -> answered.size() >= from + CALLS);
  }

  private void stop(List<Thread> callers) throws InterruptedException {
    over.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private int call(HttpClient client, URI address, String key) {
    HttpResponse<String> answer = ChatCall.send(client, address, key);
    if (answer == null) {
      return 0;
    }
    if (answer.statusCode() == 200) {
      answered.add(answer.headers().firstValue("x-request-id").orElseThrow());
    }
    return answer.statusCode();
  }

  private static Map<String, List<String>> outcomes(KillablePostgres postgres) throws Exception {
    return UsageRows.read(postgres.jdbcUrl()).stream()
        .collect(
            Collectors.groupingBy(
                Row::requestId, Collectors.mapping(Row::outcome, Collectors.toList())));
  }

  /// A gate with what the file says of it, other names and addresses being here.
  private GateSetup gate(
      String name,
      FakeProvider provider,
      Map<String, String> variables,
      KillablePostgres postgres,
      TestRedis redis)
      throws IOException {
    GateSetup setup =
        GateSetup.usual(Files.createDirectories(folder.resolve(name)), provider).port(freePort());
    Map<?, ?> environment = part(part(services, name), "environment");
    assertThat(environment).hasSizeGreaterThan(4);
    for (Map.Entry<?, ?> each : environment.entrySet()) {
      String value = String.valueOf(each.getValue());
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        value = value.replaceAll("\\$\\{" + variable.getKey() + "[^}]*}", variable.getValue());
      }
      setup.environment(
          String.valueOf(each.getKey()),
          value
              .replace("@postgres/", "@" + postgres.host() + "/")
              .replace("redis://valkey:6379", redis.url().expose())
              .replace("172.28.0.0/24", "127.0.0.1/32"));
    }
    return setup;
  }

  private List<String> redisOptions() {
    List<?> command = (List<?>) Objects.requireNonNull(part(services, "valkey").get("command"));
    assertThat(command.getFirst()).isEqualTo("valkey-server");
    return command.stream().skip(1).map(String::valueOf).toList();
  }

  private static Map<?, ?> part(Map<?, ?> whole, String name) {
    assertThat(whole.get(name)).as(name).isInstanceOf(Map.class);
    return (Map<?, ?>) Objects.requireNonNull(whole.get(name));
  }

  private static String get(HttpClient client, URI address) throws Exception {
    return client
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
        .body()
        .replace(" ", "");
  }

  private static String masterKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
