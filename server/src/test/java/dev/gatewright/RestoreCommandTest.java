package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.CommandGate.Result;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `restore --replace` and `backup --every`, against real stores.
class RestoreCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Result run(Map<String, String> environment, String... arguments) {
    return CommandGate.run(environment, false, "", arguments);
  }

  private Map<String, String> environment(boolean postgres) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("GATEWRIGHT_DATA", folder.resolve("gate/data").toString());
    if (postgres) {
      environment.put("DATABASE_URL", TestPostgres.emptyUrl());
      byte[] key =
          "8f2c1be09d7a43569a1ffe20c4b7d9e1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      environment.put(
          "GATEWRIGHT_MASTER_KEY", Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }
    return environment;
  }

  private Gatewright start(Map<String, String> environment) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("gatewright.yaml"), "listen: { port: 0 }\nmetrics: { port: 0 }\n");
    return Gatewright.start(
        ConfigSources.find(Map.of("config", file.toString()), environment), Time.system());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void puts_a_copy_in_the_place_of_what_is_there_and_keeps_that(boolean postgres) throws Exception {
    Map<String, String> environment = environment(postgres);
    Path file = folder.resolve("gate.backup");
    try (Gatewright _ = start(environment)) {
      run(environment, "keys", "create", "--name", "early", "--quiet");
      assertThat(run(environment, "backup", file.toString()).exitCode()).isZero();
      run(environment, "keys", "create", "--name", "late", "--quiet");
      Result refused = run(environment, "restore", file.toString(), "--replace");
      assertThat(refused.exitCode()).isEqualTo(5);
      assertThat(refused.err()).contains(postgres ? "stop every replica" : "in use");
    }
    Result careful = run(environment, "restore", file.toString());
    assertThat(careful.exitCode()).isEqualTo(5);
    assertThat(careful.err()).contains("--replace");

    Result restored = run(environment, "restore", file.toString(), "--replace", "--json");
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    String before = JSON.readTree(restored.out()).path("before").asText();
    try (Gatewright _ = start(environment)) {
      assertThat(run(environment, "keys", "list").out()).contains("early").doesNotContain("late");
    }
    if (postgres) {
      assertThat(before).startsWith("schema before_");
      assertThat(names(environment, before.substring("schema ".length())))
          .contains("early", "late");
    } else {
      Path old = Path.of(before);
      assertThat(before).startsWith(folder.resolve("gate/data") + ".before-");
      assertThat(old.resolve("gatewright.db")).exists();
      assertThat(mode(folder.resolve("gate/data"))).isEqualTo("rwx------");
      assertThat(mode(folder.resolve("gate/data/gatewright.db"))).isEqualTo("rw-------");
      try (Gatewright _ = start(Map.of("GATEWRIGHT_DATA", before))) {
        assertThat(run(Map.of("GATEWRIGHT_DATA", before), "keys", "list").out()).contains("late");
      }
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static List<String> names(Map<String, String> environment, String schema)
      throws Exception {
    String url =
        "jdbc:"
            + Objects.requireNonNull(environment.get("DATABASE_URL"))
                .replace("postgres:postgres@", "");
    List<String> names = new ArrayList<>();
    try (var connection = DriverManager.getConnection(url, "postgres", "postgres");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT name FROM " + schema + ".api_key")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  void a_damaged_copy_replaces_nothing() throws IOException {
    Map<String, String> environment = environment(false);
    run(environment, "migrate");
    Path file = folder.resolve("gate.backup");
    assertThat(run(environment, "backup", file.toString()).exitCode()).isZero();
    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length / 2] ^= 1;
    Files.write(file, damaged);
    assertThat(run(environment, "restore", file.toString(), "--replace").exitCode()).isEqualTo(5);
    try (Stream<Path> beside = Files.list(folder.resolve("gate"))) {
      assertThat(beside.map(path -> path.getFileName().toString())).containsExactly("data");
    }
    assertThat(run(environment, "migrate").out()).contains("Nothing to do");
  }

  @Test
  void copies_by_the_clock_until_stopped_and_keeps_the_newest() throws Exception {
    Map<String, String> environment = environment(false);
    run(environment, "migrate");
    Path copies = Files.createDirectory(folder.resolve("copies"));
    String[] command = {
      "backup", copies.resolve("gate.tar").toString(), "--every", "1001ms", "--keep", "2", "--json"
    };
    List<Result> ended = new ArrayList<>();
    Thread running = Thread.ofPlatform().start(() -> ended.add(run(environment, command)));
    while (running.isAlive() && newest(copies).compareTo("gate-2") < 0) {
      Thread.sleep(20);
    }
    String first = newest(copies);
    String third = first;
    for (int more = 0; more < 2; more++) {
      String last = third;
      while (running.isAlive() && third.equals(last)) {
        Thread.sleep(20);
        third = newest(copies);
      }
    }
    while (running.isAlive() && Files.exists(copies.resolve(first))) {
      Thread.sleep(20);
    }
    running.interrupt();
    running.join();

    assertThat(ended.getFirst().exitCode()).as(ended.getFirst().err()).isEqualTo(130);
    try (Stream<Path> left = Files.list(copies)) {
      assertThat(left).hasSizeBetween(2, 3);
    }
    assertThat(ended.getFirst().out().lines()).hasSizeGreaterThanOrEqualTo(3);
    JsonNode manifest = JSON.readTree(ended.getFirst().out().lines().findFirst().orElseThrow());
    assertThat(manifest.path("schema").asText()).isNotEmpty();
    assertThat(run(environment, "backup", "x", "--keep", "2").exitCode()).isEqualTo(1);
    assertThat(run(environment, "backup", "x", "--every", "soon").exitCode()).isEqualTo(1);
    assertThat(run(environment, "backup", "x", "--every", "1h", "--keep", "0").exitCode())
        .isEqualTo(1);
  }

  private static String newest(Path copies) throws IOException {
    try (Stream<Path> files = Files.list(copies)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("gate-"))
          .max(String::compareTo)
          .orElse("");
    }
  }
}
