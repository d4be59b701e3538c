package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.PostgresAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gate whose PostgreSQL is behind a PgBouncer in transaction mode, with the settings of
/// docs/operating/pgbouncer.md. Each version is Debian's own package, unpacked in a folder.
@Tag("system")
class PgBouncerSystemTest {
  private static final Path ROOTS = Path.of("target/pgbouncer").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLS = 2_000;
  private static final int CALLERS = 16;
  @TempDir Path folder;

  private final String masterKey = masterKey();

  @Test
  void passes_every_call_with_the_settings_of_the_page() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    try (Pooler pooler = Pooler.start("trixie", database, folder);
        FakeProvider provider = FakeProvider.start()) {
      assertThat(pooler.version()).isGreaterThanOrEqualTo(124);
      GateSetup setup =
          GateSetup.usual(Files.createDirectories(folder.resolve("gate")), provider)
              .environment("DATABASE_URL", pooler.url())
              .environment("GATEWRIGHT_MASTER_KEY", masterKey);
      try (ChildGate gate = ChildGate.start(setup)) {
        String key = gate.admin().createKey("{\"name\":\"k\"}").key();
        assertThat(calls(gate.url(), key)).isEqualTo(Map.of(200, CALLS));
        Await.until(
            "each call in usage", Duration.ofSeconds(30), () -> recorded(database) == CALLS);
      }
      assertThat(poolerCheck(pooler).get("status").asText()).isEqualTo("ok");
    }
  }

  /// 1.18, Debian 12's, forgets which connection knows which statement.
  @Test
  void doctor_names_one_that_is_too_old_and_what_to_do() throws Exception {
    PostgresAddress database = TestPostgres.freshDatabase();
    try (Pooler pooler = Pooler.start("bookworm", database, folder)) {
      assertThat(pooler.version()).isLessThan(121);
      JsonNode check = poolerCheck(pooler);
      assertThat(check.get("status").asText()).as("%s", check).isEqualTo("error");
      assertThat(check.get("do").asText())
          .contains("1.24", "max_prepared_statements", "docs/operating/pgbouncer.md");
    }
  }

  private static Map<Integer, Integer> calls(URI address, String key) throws Exception {
    Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    AtomicInteger left = new AtomicInteger(CALLS);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (left.getAndDecrement() > 0) {
                    answers.merge(ChatCall.status(client, address, key), 1, Integer::sum);
                  }
                }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }
    return answers;
  }

  private static int recorded(PostgresAddress database) throws Exception {
    try (var connection = database.unhurried().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM usage_attempt")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private JsonNode poolerCheck(Pooler pooler) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gatewright.Main",
                "doctor",
                "--json")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    command
        .environment()
        .putAll(
            Map.of(
                "DATABASE_URL", pooler.url(),
                "GATEWRIGHT_MASTER_KEY", masterKey,
                "GATEWRIGHT_DATA", folder.resolve("doctor").toString()));
    Process doctor = command.start();
    String out = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (JsonNode check : JSON.readTree(out).at("/checks")) {
      if (check.get("id").asText().equals("pooler")) {
        return check;
      }
    }
    throw new AssertionError(out);
  }

  private static String masterKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// One PgBouncer of a Debian release, by `chroot` (so the tests run as root), before one
  /// database.
  private record Pooler(Process process, Path root, PostgresAddress behind, int port)
      implements AutoCloseable {
    static Pooler start(String release, PostgresAddress behind, Path folder) throws Exception {
      Path root = ROOTS.resolve(release);
      if (!Files.exists(root.resolve("usr/sbin/pgbouncer"))) {
        Files.createDirectories(ROOTS);
        Process made =
            new ProcessBuilder(
                    "mmdebstrap",
                    "--quiet",
                    "--variant=extract",
                    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
                    "--include=pgbouncer",
                    release,
                    root.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
      }
      int port;
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      Path own = Files.createDirectories(root.resolve("tests/" + port));
      Files.writeString(
          own.resolve("users"),
          "\"postgres\" \"%s\"%n".formatted(Objects.requireNonNull(behind.password()).expose()));
      Files.writeString(own.resolve("pgbouncer.ini"), settings(release, behind, port));
      Process process =
          new ProcessBuilder(
                  "chroot",
                  "--userspec=65534:65534",
                  root.toString(),
                  "/usr/sbin/pgbouncer",
                  "/tests/%d/pgbouncer.ini".formatted(port))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("pgbouncer.log").toFile())
              .start();
      Pooler pooler = new Pooler(process, root, behind, port);
      Await.until("PgBouncer", Duration.ofSeconds(20), pooler::listens);
      return pooler;
    }

    /// Those of the page; a version that does not know prepared statements does not know their
    /// setting either.
    private static String settings(String release, PostgresAddress behind, int port)
        throws IOException {
      String page = Files.readString(Path.of("../docs/operating/pgbouncer.md"));
      int from = page.indexOf("```ini\n") + "```ini\n".length();
      String shown = page.substring(from, page.indexOf("```", from));
      assertThat(shown)
          .contains("host=db.internal port=5432", "listen_port = 6432", "max_prepared_statements")
          .contains("auth_file = /etc/pgbouncer/userlist.txt", "pool_mode = transaction");
      String[] host = behind.hosts().split(":");
      String text =
          shown
              .replace("host=db.internal port=5432", "host=127.0.0.1 port=" + host[1])
              .replace("gatewright =", behind.database() + " =")
              .replace("listen_port = 6432", "listen_port = " + port)
              .replace("/etc/pgbouncer/userlist.txt", "/tests/%d/users".formatted(port));
      return release.equals("bookworm") ? text.replaceAll("(?m)^max_prepared.*\n", "") : text;
    }

    private boolean listens() {
      assertThat(process.isAlive()).isTrue();
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return true;
      } catch (IOException notYet) {
        return false;
      }
    }

    /// 1.24.1 is 124.
    int version() throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder("chroot", root.toString(), "/usr/sbin/pgbouncer", "--version")
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      String[] numbers = said.lines().findFirst().orElseThrow().split("[ .]");
      return Integer.parseInt(numbers[1]) * 100 + Integer.parseInt(numbers[2]);
    }

    String url() {
      Secret password = Objects.requireNonNull(behind.password());
      return "postgresql://postgres:%s@127.0.0.1:%d/%s"
          .formatted(password.expose(), port, behind.database());
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
      Path own = root.resolve("tests/" + port);
      for (String name : List.of("users", "pgbouncer.ini")) {
        Files.deleteIfExists(own.resolve(name));
      }
      Files.deleteIfExists(own);
    }
  }
}
