package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `config check`, `migrate`, `backup`, `restore`, against real stores.
class InstallationCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUIET = "listen: { port: 0 }\nmetrics: { port: 0 }\n";

  @TempDir Path folder;

  record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  private static Result run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader("")),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new Serve());
    return new Result(exitCode, out.toString(), err.toString());
  }

  private Result check(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("checked.yaml"), yaml);
    return run(Map.of(), "config", "check", file.toString());
  }

  @Test
  void config_check_takes_what_a_start_takes() throws IOException {
    assertThat(check(QUIET + "providers: [{ id: openai, api-key: x }]").exitCode()).isZero();
    assertThat(run(Map.of(), "config", "check", folder.resolve("none.yaml").toString()).exitCode())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "planes: nonsense | planes",
        "limits: { body: 20 parsecs } | limits.body",
        "network: { allow: [10.0.0.0/99] } | network",
        "listen: { port: 99999 } | listen.port",
        "serve: { grace: -1s } | serve.grace",
        "serve: { delay: 2h } | serve.delay",
        "providers: [{ id: openai, api-key: \"${NOT_SET}\" }] | NOT_SET",
        "modles: [] | models",
        "services: [{ id: chat }] | services",
        "rooms: { nonsense: 1 } | rooms",
        "planes: [ | line"
      })
  void config_check_and_a_reload_refuse_what_a_start_refuses(String yaml, String named)
      throws IOException {
    Result judged = check(yaml);
    assertThat(judged.exitCode()).isEqualTo(1);
    assertThat(judged.err()).contains(named);

    Path file = Files.writeString(folder.resolve("gatewright.yaml"), QUIET);
    ConfigSources sources =
        ConfigSources.find(
            Map.of("config", file.toString(), "data", folder.resolve("data").toString()), Map.of());
    try (Gatewright gate = Gatewright.start(sources, Time.system())) {
      Files.writeString(file, yaml);
      assertThat(gate.reloadNow()).isFalse();
      Files.writeString(file, QUIET + "providers: [{ id: openai, api-key: x }]");
      assertThat(gate.reloadNow()).isTrue();
    }
  }

  @Test
  void migrate_says_what_would_run_then_runs_it_once() throws IOException {
    Map<String, String> environment = Map.of("GATEWRIGHT_DATA", folder.resolve("new").toString());
    int pending = run(environment, "migrate", "--dry-run", "--json").json().at("/pending").size();
    assertThat(pending).isGreaterThan(5);
    assertThat(folder.resolve("new")).doesNotExist();
    assertThat(run(environment, "migrate", "--json").json().at("/applied").size())
        .isEqualTo(pending);
    assertThat(run(environment, "migrate").out()).contains("Nothing to do");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_start_that_only_checks_leaves_an_old_store_alone(boolean postgres) throws IOException {
    Map<String, String> environment = environment("checked", postgres);
    Path data = Path.of(environment.get("GATEWRIGHT_DATA"));
    Path file = Files.writeString(folder.resolve("checked.yaml"), QUIET);
    String[] serve = {"serve", "--migrate=check", "--config", file.toString()};
    int pending = run(environment, "migrate", "--dry-run", "--json").json().at("/pending").size();

    Result refused = run(environment, serve);
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.err())
        .contains("lacks " + pending + " migrations", "gatewright migrate", "--migrate=auto");
    assertThat(run(environment, "migrate", "--dry-run", "--json").json().at("/pending"))
        .hasSize(pending);
    assertThat(data.resolve("gatewright.db")).doesNotExist();

    assertThat(run(environment, "migrate").exitCode()).isZero();
    ConfigSources sources =
        ConfigSources.find(
            Map.of("config", file.toString(), "serve.migrate", "check"), environment);
    try (Gatewright gate = Gatewright.start(sources, Time.system())) {
      assertThat(gate.running()).isZero();
    }
    assertThat(run(environment, "serve", "--migrate=later").exitCode()).isEqualTo(1);
  }

  @Test
  void migrate_is_refused_while_a_server_has_the_folder() throws IOException {
    Map<String, String> environment = Map.of("GATEWRIGHT_DATA", folder.toString());
    try (Gatewright _ = start(environment)) {
      Result refused = run(environment, "migrate");
      assertThat(refused.exitCode()).isEqualTo(5);
      assertThat(refused.err()).contains("in use");
    }
  }

  private Gatewright start(Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("started.yaml"), QUIET);
    return Gatewright.start(
        ConfigSources.find(Map.of("config", file.toString()), environment), Time.system());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_backup_of_a_running_gate_is_restored_with_its_keys(boolean postgres) throws IOException {
    Map<String, String> from = environment("from", postgres);
    Map<String, String> to = environment("to", postgres);
    Path file = folder.resolve("gate.backup");
    String key;
    try (Gatewright _ = start(from)) {
      key = run(from, "keys", "create", "--name", "kept", "--quiet").out().strip();
      String[] withKey = {"backup", file.toString(), "--include-master-key", "--json"};
      String[] without = {"backup", file.toString(), "--json"};
      JsonNode manifest = run(from, postgres ? without : withKey).json();
      assertThat(manifest.path("store").asText()).isEqualTo(postgres ? "postgres" : "sqlite");
      run(from, "keys", "create", "--name", "later", "--quiet");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Result restored = run(to, "restore", file.toString());
    assertThat(restored.exitCode()).as(restored.err()).isZero();
    try (Gatewright _ = start(to)) {
      assertThat(run(to, "keys", "list").out()).contains("kept").doesNotContain("later");
      assertThat(key).startsWith("gw_live_");
    }
    Result again = run(to, "restore", file.toString());
    assertThat(again.exitCode()).isEqualTo(5);
    assertThat(again.err()).contains(postgres ? "not empty" : "holds a gatewright.db already");
  }

  @Test
  void a_backup_taken_while_the_master_key_is_changed_takes_both() throws IOException {
    Map<String, String> from = environment("from", false);
    Map<String, String> to = environment("to", false);
    Path file = folder.resolve("gate.backup");
    String key;
    try (Gatewright _ = start(from)) {
      key = run(from, "keys", "create", "--name", "kept", "--quiet").out().strip();
      assertThat(run(from, "secrets", "rotate").exitCode()).isZero();
      assertThat(
              run(from, "backup", file.toString(), "--include-master-key", "--json")
                  .json()
                  .path("sha256")
                  .has("master.key.old"))
          .isTrue();
    }
    assertThat(run(to, "restore", file.toString()).exitCode()).isZero();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("to/master.key.old"))))
        .isEqualTo("rw-------");
    try (Gatewright _ = start(to)) {
      assertThat(run(to, "secrets", "status").exitCode()).isZero();
      assertThat(key).startsWith("gw_live_");
    }
  }

  private Map<String, String> environment(String name, boolean postgres) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("GATEWRIGHT_DATA", Files.createDirectories(folder.resolve(name)).toString());
    if (postgres) {
      environment.put("DATABASE_URL", TestPostgres.emptyUrl());
      environment.put(
          "GATEWRIGHT_MASTER_KEY",
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  "8f2c1be09d7a43569a1ffe20c4b7d9e1"
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
    return environment;
  }

  @Test
  void a_damaged_or_foreign_file_changes_nothing() throws IOException {
    Map<String, String> from = environment("from", false);
    Map<String, String> to = environment("to", false);
    run(from, "migrate");
    Path file = folder.resolve("gate.backup");
    assertThat(run(from, "backup", file.toString()).exitCode()).isZero();
    byte[] good = Files.readAllBytes(file);
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    byte[] cut = java.util.Arrays.copyOf(good, good.length / 2);
    for (byte[] bad : List.of(flipped, cut, new byte[0], new byte[10_000])) {
      Path damaged = Files.write(folder.resolve("bad.backup"), bad);
      Result refused = run(to, "restore", damaged.toString());
      assertThat(refused.exitCode()).isEqualTo(5);
      assertThat(folder.resolve("to/gatewright.db")).doesNotExist();
    }
    assertThat(run(to, "restore", folder.resolve("none").toString()).exitCode()).isEqualTo(3);
    assertThat(run(from, "backup", file.toString(), "--include-master-key").exitCode())
        .isEqualTo(5);
    assertThat(Files.readAllBytes(file)).isEqualTo(good);
  }

  /// Each `gatewright …` line of these pages, run where it makes sense: on a fresh installation.
  @Test
  void every_command_of_the_operating_pages_does_what_the_page_says() throws IOException {
    Map<String, String> from = environment("from", false);
    Map<String, String> to = environment("to", false);
    Path copy = folder.resolve("gate.backup");
    Path config = Files.writeString(folder.resolve("gatewright.yaml"), QUIET);
    List<String> ran = new java.util.ArrayList<>();
    try (Gatewright _ = start(from)) {
      for (String page : List.of("backup", "upgrade", "replicas", "postgres", "master-key")) {
        for (String line : commands(Path.of("../docs/operating/" + page + ".md"))) {
          String command =
              line.replace("gate.backup", copy.toString())
                  .replaceAll("\"backups/[^\"]*\"", folder.resolve("daily.backup").toString())
                  .replace("gatewright.yaml", config.toString());
          if (command.contains("--every")) {
            // It goes on until it is stopped: RestoreCommandTest does that.
            command = "gatewright backup --help";
          }
          String[] words = command.substring("gatewright ".length()).split(" ");
          Map<String, String> where =
              List.of("backup", "config", "secrets").contains(words[0]) ? from : to;
          // A server that runs until it is told to stop: its options are looked at alone.
          String[] arguments = words[0].equals("serve") ? new String[] {"serve", "--help"} : words;
          Result result = run(where, arguments);
          assertThat(result.exitCode()).as(line + result.err()).isZero();
          if (words[0].equals("serve")) {
            for (String word : words) {
              String option = word.split("=", 2)[0];
              assertThat(!word.startsWith("--") || result.out().contains(option)).as(word).isTrue();
            }
          }
          ran.add(words[0]);
        }
      }
    }
    assertThat(ran).contains("backup", "restore", "migrate", "config", "serve", "secrets");
  }

  private static List<String> commands(Path page) throws IOException {
    List<String> commands = new java.util.ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (code && line.startsWith("gatewright ")) {
        commands.add(line);
      }
    }
    return commands;
  }
}
