package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.CommandGate.Result;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Faults planted one by one in an installation that has none: `gatewright doctor` finds each and
/// says what to do.
class DoctorFaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUIET = "listen: { port: 0 }\nmetrics: { port: 0 }\n";

  private static final String MASTER_KEY = "OGYyYzFiZTA5ZDdhNDM1NjlhMWZmZTIwYzRiN2Q5ZTE";

  @TempDir static Path made;
  @TempDir Path folder;

  /// An installation, and what is done to it.
  static final class Ward {
    final Path folder;
    final Path data;
    final Map<String, String> environment = new HashMap<>();
    String yaml = QUIET;

    Ward(Path folder) throws IOException {
      this.folder = folder;
      this.data = Files.createDirectory(folder.resolve("data"));
      mode(data, "rwx------");
      for (String name : List.of("gatewright.db", "master.key")) {
        Files.copy(made.resolve(name), data.resolve(name));
        mode(data.resolve(name), "rw-------");
      }
      backedUp(Instant.now());
      environment.put("GATEWRIGHT_DATA", data.toString());
    }

    void backedUp(Instant at) throws IOException {
      write("backup.json", "{\"at\":\"%s\",\"file\":\"x\"}".formatted(at));
    }

    void write(String name, String text) throws IOException {
      Files.writeString(data.resolve(name), text);
    }

    static void mode(Path path, String mode) throws IOException {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    void sql(String statement) throws Exception {
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + data.resolve("gatewright.db"));
          var run = connection.createStatement()) {
        run.execute(statement);
      }
    }

    /// Each check by its id.
    Map<String, JsonNode> doctor() throws IOException {
      Path file = Files.writeString(folder.resolve("gatewright.yaml"), yaml);
      Result result =
          CommandGate.run(
              environment, false, "", "doctor", "--json", "--network", "--config", file.toString());
      Map<String, JsonNode> checks = new HashMap<>();
      boolean error = false;
      for (JsonNode check : JSON.readTree(result.out()).get("checks")) {
        checks.put(check.get("id").asText(), check);
        error |= check.get("status").asText().equals("error");
      }
      assertThat(result.exitCode()).as(result.out()).isEqualTo(error ? 1 : 0);
      return checks;
    }
  }

  interface Plant {
    void in(Ward ward) throws Exception;
  }

  /// @param said a part of what to do
  record Fault(String name, String id, String status, String said, Plant plant) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, String id, String status, String said, Plant plant) {
    return new Fault(name, id, status, said, plant);
  }

  @BeforeAll
  static void one_installation() throws IOException {
    Gatewright.start(ConfigSources.ofText(QUIET).withFlag("data", made.toString()), Time.system())
        .close();
  }

  @Test
  void finds_nothing_in_one_that_has_none() throws IOException {
    Map<String, JsonNode> checks = new Ward(folder).doctor();
    // What this machine is like is not the installation's.
    List.of("memory", "start-up-cache", "open-files", "space").forEach(checks::remove);
    assertThat(checks.values())
        .allSatisfy(check -> assertThat(check.get("status").asText()).isIn("ok", "skipped"));
  }

  static Stream<Fault> faults() {
    return Stream.of(
        fault("unknown key", "config", "error", "config check", w -> w.yaml += "modles: []\n"),
        fault("no YAML", "config", "error", "config check", w -> w.yaml = "planes: ["),
        fault(
            "variable not set",
            "config",
            "error",
            "config check",
            w -> w.yaml += "providers: [{ id: openai, api-key: \"${NOT_SET}\" }]\n"),
        fault(
            "a file in the folder's place",
            "data-folder",
            "error",
            "--data",
            w -> w.environment.put("GATEWRIGHT_DATA", w.data.resolve("master.key").toString())),
        fault(
            "a folder for everybody",
            "data-folder",
            "error",
            "chmod 700",
            w -> Ward.mode(w.data, "rwxrwxrwx")),
        fault(
            "no master key",
            "master-key",
            "error",
            "backup",
            w -> Files.delete(w.data.resolve("master.key"))),
        fault(
            "a master key that others read",
            "master-key",
            "error",
            "chmod 600",
            w -> Ward.mode(w.data.resolve("master.key"), "rw-r-----")),
        fault(
            "another store's master key",
            "master-key",
            "error",
            "Sealed",
            w -> w.write("master.key", MASTER_KEY)),
        fault(
            "a master key that is none",
            "master-key",
            "error",
            "Sealed",
            w -> w.write("master.key", "short")),
        fault(
            "a store that is none",
            "store",
            "error",
            "restore",
            w -> w.write("gatewright.db", "no database, but long".repeat(99))),
        fault(
            "migrations that wait",
            "store",
            "warning",
            "migrate",
            w ->
                w.sql(
                    "DELETE FROM schema_history WHERE version = (SELECT MAX(version) FROM"
                        + " schema_history)")),
        fault(
            "tables of a newer program",
            "store",
            "warning",
            "roll-back",
            w ->
                w.sql(
                    "INSERT INTO schema_history SELECT MAX(installed_rank) + 1, '999912312359', 'x',"
                        + " 'SQL', 'V999912312359__x.sql', 1, 'x', '2026-01-01 00:00:00', 1, 1 FROM"
                        + " schema_history")),
        fault(
            "PostgreSQL away",
            "store",
            "error",
            "database-url",
            w -> w.environment.put("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/none")),
        fault(
            "PostgreSQL without a master key",
            "master-key",
            "error",
            "GATEWRIGHT_MASTER_KEY",
            w -> w.environment.put("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/none")),
        fault(
            "a server that ended without a word",
            "server",
            "warning",
            "serve",
            w ->
                w.write(
                    "server.json",
                    "{\"url\":\"http://127.0.0.1:1\",\"pid\":1,\"instance\":\"ins_x\",\"admin_key\":\"x\"}")),
        fault(
            "a server.json that is none",
            "server",
            "error",
            "Remove",
            w -> w.write("server.json", "{")),
        fault(
            "a header that counts from nobody",
            "client-address",
            "warning",
            "trusted-proxies",
            w -> w.yaml += "client-address: cf-connecting-ip\n"),
        fault(
            "keys in the clear",
            "clear-listener",
            "warning",
            "trusted-proxies",
            w -> w.yaml = "listen: { host: 0.0.0.0, port: 0 }\nmetrics: { port: 0 }\n"),
        fault(
            "a tunnel that takes less",
            "tunnel",
            "warning",
            "95MiB",
            w ->
                w.yaml +=
                    """
                    client-address: cf-connecting-ip
                    trusted-proxies: [127.0.0.1/32]
                    limits: { body: 200MiB, held-bodies: 400MiB }
                    """),
        fault(
            "Redis away",
            "redis",
            "warning",
            "REDIS_URL",
            w -> w.environment.put("REDIS_URL", "redis://127.0.0.1:1")),
        fault(
            "a collector away",
            "collector",
            "warning",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            w -> w.environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")),
        fault(
            "a secret everybody reads",
            "config-file",
            "warning",
            "chmod 600",
            w -> {
              w.yaml += "providers: [{ id: openai, api-key: sk-planted }]\n";
              Path file = Files.writeString(w.folder.resolve("gatewright.yaml"), w.yaml);
              Ward.mode(file, "rw-r--r--");
            }),
        fault(
            "no backup",
            "backup",
            "warning",
            "--every",
            w -> Files.delete(w.data.resolve("backup.json"))),
        fault(
            "an old backup",
            "backup",
            "warning",
            "--every",
            w -> w.backedUp(Instant.now().minus(Duration.ofDays(8)))),
        fault(
            "a provider away",
            "network.away",
            "error",
            "base-url",
            w ->
                w.yaml +=
                    "providers: [{ id: away, dialect: openai, base-url: \"http://127.0.0.1:1/v1\","
                        + " api-key: x }]\n"),
        fault(
            "a service away",
            "network.tts-1",
            "error",
            "instances",
            w ->
                w.yaml +=
                    "services: [{ id: tts, preset: piper, instances: [\"http://127.0.0.1:1\"] }]\n"),
        fault(
            "too few open files",
            "open-files",
            "warning",
            "LimitNOFILE",
            w -> w.yaml += "limits: { connections: 1000000 }\n"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void finds_it_and_says_what_to_do(Fault fault) throws Exception {
    Ward ward = new Ward(folder);
    fault.plant().in(ward);
    JsonNode check = Objects.requireNonNull(ward.doctor().get(fault.id()));
    assertThat(check.get("status").asText()).as("%s", check).isEqualTo(fault.status());
    assertThat(check.get("do").asText()).contains(fault.said());
    assertThat(check.get("message").asText()).doesNotContain("sk-planted");
  }

  @Test
  void finds_a_port_that_is_taken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ward ward = new Ward(folder);
      ward.yaml = "listen: { port: %d }\n".formatted(taken.getLocalPort());
      JsonNode check = Objects.requireNonNull(ward.doctor().get("port"));
      assertThat(check.get("status").asText()).isEqualTo("error");
      assertThat(check.get("do").asText()).contains("ss -ltnp");
    }
  }

  @Test
  void finds_what_is_wrong_with_a_postgres_that_answers() throws Exception {
    Ward ward = new Ward(folder);
    String url = TestPostgres.emptyUrl();
    ward.environment.put("DATABASE_URL", url);
    ward.environment.put("GATEWRIGHT_MASTER_KEY", MASTER_KEY);
    assertThat(CommandGate.run(ward.environment, false, "", "migrate").exitCode()).isZero();
    Map<String, JsonNode> well = ward.doctor();
    for (String id : List.of("store", "clock", "connections", "indexes", "pooler", "master-key")) {
      JsonNode check = Objects.requireNonNull(well.get(id));
      assertThat(check.get("status").asText()).as("%s", check).isEqualTo("ok");
    }
    String jdbc = "jdbc:" + url.replace("postgres:postgres@", "");
    try (var connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        var run = connection.createStatement()) {
      run.execute("CREATE INDEX planted ON api_key (name)");
      run.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'planted'::regclass");
    }
    JsonNode broken = Objects.requireNonNull(ward.doctor().get("indexes"));
    assertThat(broken.get("status").asText()).isEqualTo("warning");
    assertThat(broken.get("do").asText()).contains("REINDEX INDEX CONCURRENTLY planted");
  }
}
