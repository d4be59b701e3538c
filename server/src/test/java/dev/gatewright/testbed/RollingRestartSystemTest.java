package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two replicas restarted one after the other under calls, behind the proxies that
/// docs/operating/replicas.md names: no call fails.
@Tag("system")
class RollingRestartSystemTest {
  private static final int CALLS_MIN = 2_000;
  private static final int CALLERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  enum Kind {
    CADDY,
    NGINX
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void loses_no_call(Kind kind) throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    String masterKey = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    int proxyPort = freePort();
    try (FakeProvider provider = FakeProvider.start()) {
      List<GateSetup> setups = new ArrayList<>();
      for (String name : List.of("one", "two")) {
        setups.add(
            GateSetup.usual(Files.createDirectories(folder.resolve(name)), provider)
                .port(freePort())
                .settings("serve: { delay: 5s, grace: 10s }\n")
                .environment("DATABASE_URL", url(database))
                .environment("GATEWRIGHT_MASTER_KEY", masterKey));
      }
      ChildGate[] gates = {ChildGate.start(setups.get(0)), ChildGate.start(setups.get(1))};
      Process proxy = proxy(kind, proxyPort, setups.get(0).port(), setups.get(1).port());
      Load load = null;
      try {
        String key = gates[0].admin().createKey("{\"name\":\"k\",\"kind\":\"test\"}").key();
        URI address = URI.create("http://127.0.0.1:" + proxyPort);
        try (HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
          AtomicInteger last = new AtomicInteger();
          try {
            Await.until(
                "the proxy and the key",
                Duration.ofSeconds(20),
                () -> {
                  last.set(ChatCall.status(client, address, key));
                  return last.get() == 200;
                });
          } catch (AssertionError never) {
            String said = Files.readString(folder.resolve("proxy.log"));
            throw new AssertionError("%d: %s".formatted(last.get(), said), never);
          }
          load = new Load(client, address, key);
          for (int i = 0; i < gates.length; i++) {
            gates[i].terminate();
            assertThat(gates[i].awaitExit()).isIn(0, 143);
            gates[i] = ChildGate.start(setups.get(i));
            // Long enough that the proxy has heard it is back.
            load.more(200);
            Thread.sleep(3_000);
          }
          load.until(CALLS_MIN);
          load.stop();
        }
        assertThat(load.statuses).as("%d calls", load.calls.get()).containsOnlyKeys("200");
        assertThat(load.calls.get()).isGreaterThanOrEqualTo(CALLS_MIN);
      } finally {
        if (load != null) {
          load.stop();
        }
        proxy.destroy();
        assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
        for (ChildGate gate : gates) {
          gate.close();
        }
      }
    }
  }

  /// Callers that call again and again, some hundred times a second.
  private static final class Load {
    final AtomicInteger calls = new AtomicInteger();
    final Map<String, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();

    Load(HttpClient client, URI address, String key) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (!over.get()) {
                    String status = "" + ChatCall.status(client, address, key);
                    statuses.computeIfAbsent(status, _ -> new AtomicInteger()).incrementAndGet();
                    calls.incrementAndGet();
                    sleep();
                  }
                }));
      }
    }

    private static void sleep() {
      try {
        Thread.sleep(40);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    void more(int count) throws Exception {
      until(calls.get() + count);
    }

    void until(int count) throws Exception {
      Await.until(count + " calls", PATIENCE, () -> calls.get() >= count);
    }

    void stop() throws InterruptedException {
      over.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
    }
  }

  private Process proxy(Kind kind, int port, int one, int two) throws IOException {
    return switch (kind) {
      case CADDY -> ReplicasCaddy.start(folder, port, one, two);
      case NGINX -> nginx(port, one, two);
    };
  }

  /// The example of the page, in the frame nginx wants.
  private Process nginx(int port, int one, int two) throws IOException {
    String page = Files.readString(Path.of("../docs/operating/replicas.md"));
    int from = page.indexOf("```nginx\n") + "```nginx\n".length();
    String shown = page.substring(from, page.indexOf("```", from));
    String text =
        """
        daemon off;
        pid nginx.pid;
        error_log stderr warn;
        events {}
        http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        %s
        }
        """
            .formatted(
                ReplicasCaddy.addressed(shown, one, two)
                    .replace("listen 8080", "listen 127.0.0.1:" + port));
    Path file = Files.writeString(folder.resolve("nginx.conf"), text);
    return new ProcessBuilder(
            "nginx", "-e", "stderr", "-p", folder.toString(), "-c", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("proxy.log").toFile())
        .start();
  }

  private static String url(PostgresAddress database) {
    Secret password = Objects.requireNonNull(database.password());
    return "postgresql://postgres:%s@%s/%s"
        .formatted(password.expose(), database.hosts(), database.database());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
