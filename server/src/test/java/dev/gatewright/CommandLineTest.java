package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every command and every exit code, against a real server.
class CommandLineTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Gatewright gate;

  record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      assertThat(exitCode).as(err).isZero();
      assertThat(out.lines()).hasSize(1);
      return JSON.readTree(out);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    String yaml =
        """
        listen: { port: 0 }
        metrics: { port: 0 }
        providers: [{ id: openai, api-key: x }]
        models: [{ id: fast, targets: [openai/m] }]
        services: [{ id: tts, preset: piper, instances: ["http://127.0.0.1:9"] }]
        """;
    gate =
        Gatewright.start(
            ConfigSources.ofText(yaml).withFlag("data", folder.toString()), Time.system());
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  private static Result run(
      Map<String, String> environment, boolean interactive, String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader(input)),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            interactive);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new Serve());
    return new Result(exitCode, out.toString(), err.toString());
  }

  private static Result gatewright(String... arguments) {
    return run(Map.of("GATEWRIGHT_DATA", folder.toString()), false, "", arguments);
  }

  @Test
  void shows_checks_and_drains_services() throws IOException {
    assertThat(gatewright("services", "list").out()).contains("tts", "piper", "127.0.0.1:9");
    assertThat(gatewright("services", "list", "--json").json().at("/data/0/id").asText())
        .isEqualTo("tts");
    gatewright("services", "check");
    Result down = gatewright("services", "check", "tts", "--json");
    assertThat(down.exitCode()).isEqualTo(4);
    assertThat(JSON.readTree(down.out()).at("/data/0/status").asText()).isEqualTo("down");
    Result drained = gatewright("services", "drain", "tts", "http://127.0.0.1:9", "--json");
    assertThat(drained.json().path("status").asText()).isEqualTo("draining");
    assertThat(gatewright("services", "drain", "tts", "--undo").exitCode()).isZero();
    assertThat(gatewright("services", "drain", "none").exitCode()).isEqualTo(3);
    assertThat(gatewright("services", "drain").exitCode()).isEqualTo(1);
  }

  private static Result verify(String key) {
    return run(
        Map.of("GATEWRIGHT_DATA", folder.toString()),
        false,
        key + "\n",
        "keys",
        "verify",
        "--json");
  }

  private static JsonNode create(String... more) throws IOException {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(
        new String[] {"keys", "create", "--name", "app", "--json"}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return gatewright(arguments).json();
  }

  @Test
  void creates_keys_of_each_kind_with_rules_and_expiry() throws IOException {
    JsonNode live = create("--expires", "30d", "--models", "fast,a*", "--ip", "10.0.0.0/8");
    assertThat(live.path("id").asText()).startsWith("key_");
    assertThat(live.path("key").asText()).startsWith("gw_live_");
    assertThat(live.path("name").asText()).isEqualTo("app");
    assertThat(live.path("expires_at").asText()).isNotEmpty();
    assertThat(live.path("rules")).hasSize(2);
    assertThat(create("--test").path("key").asText()).startsWith("gw_test_");
    assertThat(create("--admin").path("key").asText()).startsWith("gw_admin_");
  }

  @Test
  void keys_name_pages_a_project_and_words_of_your_own() throws IOException {
    JsonNode made =
        create("--origins", "https://app.example", "--metadata", "{\"team\":[1,\"a\"]}");
    assertThat(made.path("origins").toString()).isEqualTo("[\"https://app.example\"]");
    assertThat(made.path("metadata").toString()).isEqualTo("{\"team\":[1,\"a\"]}");
    String id = made.path("id").asText();
    String project = made.path("project_id").asText();
    assertThat(create("--project", project).path("project_id").asText()).isEqualTo(project);
    JsonNode cleared =
        gatewright("keys", "edit", id, "--clear", "origins,metadata", "--json").json();
    assertThat(cleared.path("origins")).isEmpty();
    assertThat(cleared.path("metadata")).isEmpty();
    for (String[] wrong :
        new String[][] {
          {"--project", "prj_none"}, {"--owner", "per_nobody"}, {"--origins", "app.example"}
        }) {
      assertThat(gatewright("keys", "create", "--name", "n", wrong[0], wrong[1]).exitCode())
          .as(wrong[0])
          .isEqualTo(5);
    }
    assertThat(gatewright("keys", "create", "--name", "n", "--metadata", "[]").exitCode())
        .isEqualTo(1);
  }

  @Test
  void edits_keys_and_clears_what_they_had() throws IOException {
    JsonNode made =
        create(
            "--deny-models",
            "slow",
            "--providers",
            "openai",
            "--rooms",
            "janus",
            "--not-before",
            "2026-01-01",
            "--expires",
            "2030-01-31T12:00:00Z",
            "--tags",
            "a,b");
    assertThat(made.path("rules").toString())
        .contains("\"deny\",\"type\":\"models\"", "providers", "rooms");
    assertThat(made.path("not_before").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(made.path("expires_at").asText()).isEqualTo("2030-01-31T12:00:00Z");
    assertThat(made.path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    String id = made.path("id").asText();
    JsonNode edited =
        gatewright(
                "keys",
                "edit",
                id,
                "--name",
                "edited",
                "--models",
                "fast",
                "--expires",
                "1h",
                "--clear",
                "rooms,providers,tags,not-before",
                "--json")
            .json();
    assertThat(edited.path("name").asText()).isEqualTo("edited");
    assertThat(edited.path("rules").toString())
        .contains("slow", "fast")
        .doesNotContain("rooms", "providers");
    assertThat(edited.path("not_before").isNull()).isTrue();
    assertThat(edited.path("tags")).isEmpty();
    assertThat(gatewright("keys", "edit", id, "--clear", "expires").out())
        .contains("edited", "deny");
    assertThat(gatewright("keys", "edit", id).exitCode()).isEqualTo(1);
    assertThat(gatewright("keys", "edit", id, "--clear", "kind").exitCode()).isEqualTo(1);
    assertThat(gatewright("keys", "edit", id, "--clear", "user", "--user", "u").exitCode())
        .isEqualTo(1);
    assertThat(gatewright("keys", "edit", id, "--expires", "soon").exitCode()).isEqualTo(1);
    assertThat(gatewright("keys", "edit", id, "--ip", "10.0.0.0/33").exitCode()).isEqualTo(5);
    assertThat(gatewright("keys", "edit", "key_0000000000", "--name", "n").exitCode()).isEqualTo(3);
  }

  @Test
  void lists_verifies_and_anchors_the_chain_of_changes(@TempDir Path elsewhere) throws IOException {
    String id = create().path("id").asText();
    gatewright("keys", "disable", id);
    Result listed = gatewright("audit", "list", "--object", id);
    assertThat(listed.out()).contains("key.create", "key.disable", "local", "127.0.0.1");
    JsonNode two = gatewright("audit", "list", "--limit", "2", "--json").json();
    assertThat(two.path("data")).hasSize(2);
    Path anchors = elsewhere.resolve("anchors.jsonl");
    for (int i = 0; i < 2; i++) {
      gatewright("keys", i == 0 ? "enable" : "disable", id);
      assertThat(gatewright("audit", "anchor", "--output", anchors.toString()).exitCode()).isZero();
    }
    assertThat(Files.readAllLines(anchors)).hasSize(2);
    assertThat(gatewright("audit", "verify").out()).startsWith("intact: ");
    Result held = gatewright("audit", "verify", "--anchors", anchors.toString(), "--json");
    assertThat(held.json().path("anchors").asInt()).isEqualTo(2);
    String line = Files.readAllLines(anchors).getLast();
    Files.writeString(anchors, line.replaceFirst("\"seq\":", "\"seq\":9"));
    Result broken = gatewright("audit", "verify", "--anchors", anchors.toString());
    assertThat(broken.exitCode()).isEqualTo(5);
    assertThat(broken.out()).startsWith("broken at link ");
    Files.writeString(anchors, "no json");
    assertThat(gatewright("audit", "verify", "--anchors", anchors.toString()).exitCode())
        .isEqualTo(1);
  }

  @Test
  void gives_service_scopes_and_a_user() throws IOException {
    JsonNode made = create("--services", "chat,tts", "--manage", "chat", "--user", "ada");
    assertThat(made.path("scopes").toString())
        .isEqualTo("[\"chat:use\",\"tts:use\",\"chat:manage\"]");
    assertThat(made.path("manages").toString()).isEqualTo("[\"chat\"]");
    assertThat(made.path("user").asText()).isEqualTo("ada");
    String id = made.path("id").asText();
    assertThat(gatewright("keys", "show", id).out()).contains("chat:use,tts:use,chat:manage");
    assertThat(gatewright("keys", "list").out()).contains("chat:use,tts:use,chat:manage", "ada");
    for (String[] wrong :
        List.of(
            new String[] {"--services", "Chat"},
            new String[] {"--services", "*"},
            new String[] {"--services", "tts", "--manage", "chat"},
            new String[] {"--test", "--manage", "chat"})) {
      String[] arguments =
          Stream.concat(Stream.of("keys", "create", "--name", "x"), Stream.of(wrong))
              .toArray(String[]::new);
      assertThat(gatewright(arguments).exitCode()).isEqualTo(5);
    }
  }

  @Test
  void imports_a_flask_store_once_and_reports_without_showing_keys() throws IOException {
    String strong = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";
    String uuid = "3f2b8c1e-5d47-4a9b-8e6f-0123456789ab";
    Path file = folder.resolve("flask.json");
    Files.writeString(
        file,
        """
        {
          "%s": {"user": "ada", "service": "chat", "description": "phone", "enabled": true},
          "%s": {"user": "bob", "service": "all", "created": "2025-01-02T03:04:05.678901"},
          "short": {"user": "eve"}
        }
        """
            .formatted(strong, uuid));
    Result dry = gatewright("import", "keys", file.toString(), "--dry-run");
    assertThat(dry.exitCode()).isEqualTo(5);
    assertThat(dry.out())
        .contains("json-map: 2 would be imported, 0 here already, 1 refused; 1 weak");
    assertThat(verify(strong).exitCode()).isEqualTo(2);
    Result first = gatewright("import", "keys", file.toString());
    assertThat(first.exitCode()).isEqualTo(5);
    assertThat(first.out()).contains("2 imported, 0 here already, 1 refused; 1 weak");
    assertThat(first.err()).contains("line 3", "weak: uuid", "line 4 (s…): refused: 5 characters");
    assertThat(first.out() + first.err())
        .doesNotContain(strong, uuid, "short\"", strong.substring(0, 5));
    Result verified = verify(strong);
    assertThat(verified.exitCode()).isZero();
    JsonNode shown =
        gatewright("keys", "show", verified.json().path("id").asText(), "--json").json();
    assertThat(shown.path("user").asText()).isEqualTo("ada");
    assertThat(shown.path("name").asText()).isEqualTo("phone");
    assertThat(shown.path("scopes").toString()).isEqualTo("[\"chat:use\"]");
    assertThat(shown.path("source").asText()).isEqualTo("imported");
    Result again = gatewright("import", "keys", file.toString(), "--json");
    JsonNode report = new ObjectMapper().readTree(again.out());
    assertThat(report.path("imported").asInt()).isZero();
    assertThat(report.path("present").asInt()).isEqualTo(2);
    assertThat(gatewright("import", "keys", folder.resolve("none").toString()).exitCode())
        .isEqualTo(1);
    assertThat(gatewright("import", "keys", file.toString(), "--format", "x").exitCode())
        .isEqualTo(1);
  }

  @Test
  void imports_many_keys_in_batches_and_says_how_far_it_is() throws IOException {
    int count = 1_200;
    long seed = System.nanoTime();
    System.out.println("CommandLineTest seed " + seed);
    Random random = new Random(seed);
    StringBuilder map = new StringBuilder("{");
    String last = "";
    for (int i = 0; i < count; i++) {
      last =
          random.ints(32, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
      map.append(i == 0 ? "" : ",\n").append("\"%s\":{\"user\":\"u%d\"}".formatted(last, i));
    }
    Path file = folder.resolve("many.json");
    Files.writeString(file, map.append("}"));
    Result first = gatewright("import", "keys", file.toString());
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err().lines().filter(line -> line.endsWith(" of 1200 rows")).toList())
        .as(first.err())
        .containsExactly("500 of 1200 rows", "1000 of 1200 rows", "1200 of 1200 rows");
    assertThat(first.out()).contains("1200 imported, 0 here already, 0 refused");
    assertThat(verify(last).exitCode()).isZero();
    Result again = gatewright("import", "keys", file.toString());
    assertThat(again.out()).contains("0 imported, 1200 here already, 0 refused");
  }

  @Test
  void exports_codes_that_this_gate_knows_again() throws IOException {
    String key = create("--user", "ada").path("key").asText();
    Path file = folder.resolve("export.json");
    assertThat(gatewright("export", "keys", "--output", file.toString()).exitCode()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).contains("gatewright-keys").doesNotContain(key);
    Result again = gatewright("import", "keys", file.toString());
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("gatewright: 0 imported").contains("0 refused");
  }

  @Test
  void reports_keys_to_look_at() throws IOException {
    String open = create().path("id").asText();
    String narrow = create("--expires", "1d", "--services", "chat").path("id").asText();
    JsonNode report = gatewright("keys", "report", "--json").json();
    assertThat(report.path("data").findValuesAsText("id")).contains(open).doesNotContain(narrow);
    assertThat(gatewright("keys", "report").out()).contains("never_expires,unlimited");
    assertThat(gatewright("keys", "report", "--unused", "x").exitCode()).isEqualTo(1);
  }

  @Test
  void quiet_prints_the_key_and_nothing_else() {
    Result quiet = gatewright("keys", "create", "--name", "q", "--quiet");
    assertThat(quiet.exitCode()).isZero();
    assertThat(quiet.out()).matches("gw_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}\\R");
    assertThat(quiet.err()).isEmpty();
    Result told = gatewright("keys", "create", "--name", "q");
    assertThat(told.out()).matches("gw_live_\\S+\\R");
    assertThat(told.err()).contains("only this once");
  }

  @Test
  void lists_and_shows_without_secrets() throws IOException {
    JsonNode made = create();
    String id = made.path("id").asText();
    JsonNode all = gatewright("keys", "list", "--json").json();
    assertThat(all.path("data").findValuesAsText("id")).contains(id);
    Result table = gatewright("keys", "list");
    assertThat(table.out()).startsWith("ID ").contains(id);
    Result shown = gatewright("keys", "show", id);
    assertThat(shown.out()).contains(id, "active");
    assertThat(all + table.out() + shown.out()).doesNotContain(made.path("key").asText());
    assertThat(gatewright("keys", "show", id, "--json").json().path("id").asText()).isEqualTo(id);
  }

  @Test
  void lists_all_pages() throws IOException {
    for (int i = 0; i < 51; i++) {
      create();
    }
    JsonNode all = gatewright("keys", "list", "--json").json();
    assertThat(all.path("data").size()).isGreaterThan(51);
    assertThat(all.path("next_cursor").isNull()).isTrue();
  }

  @Test
  void disables_enables_rotates_and_revokes() throws IOException {
    JsonNode made = create();
    String id = made.path("id").asText();
    String key = made.path("key").asText();
    assertThat(verify(key).exitCode()).isZero();
    assertThat(gatewright("keys", "disable", id).out()).contains("disabled");
    assertThat(verify(key).exitCode()).isEqualTo(2);
    assertThat(gatewright("keys", "enable", id, "--json").json().path("state").asText())
        .isEqualTo("active");
    JsonNode rotated = gatewright("keys", "rotate", id, "--grace", "0s", "--json").json();
    assertThat(rotated.path("id").asText()).isEqualTo(id);
    assertThat(verify(key).exitCode()).isEqualTo(2);
    assertThat(verify(rotated.path("key").asText()).exitCode()).isZero();
    assertThat(gatewright("keys", "revoke", id).out()).contains("revoked");
    Result again = gatewright("keys", "enable", id);
    assertThat(again.exitCode()).isEqualTo(5);
    assertThat(again.err()).contains("revoked", "request id req_");
  }

  @Test
  void verify_reads_standard_input_and_tells_validity_by_exit_code() {
    assertThat(verify("gw_live_junk").exitCode()).isEqualTo(2);
    assertThat(verify("gw_live_junk").out()).contains("\"valid\":false");
    assertThat(verify("").exitCode()).isEqualTo(1);
    Result argument = gatewright("keys", "verify", "gw_live_0123456789");
    assertThat(argument.exitCode()).isEqualTo(1);
  }

  @Test
  void shows_usage_models_and_version() throws IOException {
    assertThat(gatewright("usage", "--json").json().path("data").isArray()).isTrue();
    for (String by : List.of("model", "target", "provider", "key", "day")) {
      assertThat(gatewright("usage", "--by", by, "--since", "24h", "--test").exitCode()).isZero();
    }
    assertThat(gatewright("models").out()).contains("fast");
    assertThat(gatewright("models", "--json").json().path("data").findValuesAsText("id"))
        .contains("fast");
    assertThat(gatewright("version").out().strip()).isEqualTo("gatewright " + Version.text());
    assertThat(gatewright("version", "--json").json().path("version").asText())
        .isEqualTo(Version.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys create",
        "keys create --name n --test --admin",
        "keys create --name n --json --quiet",
        "keys create --name n --expires soon",
        "keys rotate key_0123456789 --grace 5",
        "keys show gw_live_0123456789_secret",
        "usage --by colour",
        "usage --since yesterday",
        "frobnicate",
        "keys frobnicate"
      })
  void misunderstood_commands_are_exit_code_1(String line) {
    Result result = gatewright(line.split(" "));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
  }

  @Test
  void unknown_keys_are_exit_code_3_and_the_servers_refusals_5() {
    Result missing = gatewright("keys", "show", "key_0000000000");
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err()).contains("request id req_");
    Result refused = gatewright("keys", "create", "--name", "n", "--ip", "not-an-address");
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.err()).contains("not-an-address", "request id req_");
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void no_server_is_exit_code_4(@TempDir Path empty) throws IOException {
    Result none = run(Map.of("GATEWRIGHT_DATA", empty.toString()), false, "", "keys", "list");
    assertThat(none.exitCode()).isEqualTo(4);
    assertThat(none.err()).contains("gatewright serve");
    Result gone =
        run(
            Map.of(
                "GATEWRIGHT_DATA", empty.toString(),
                "GATEWRIGHT_URL", "http://127.0.0.1:1",
                "GATEWRIGHT_ADMIN_KEY", "k"),
            false,
            "",
            "models");
    assertThat(gone.exitCode()).isEqualTo(4);
    // Left by a crash, and somebody else now listens there.
    String stale = Files.readString(folder.resolve("server.json"));
    Files.writeString(
        empty.resolve("server.json"), stale.replaceFirst("ins_[0-9a-z]+", "ins_another"));
    assertThat(run(Map.of("GATEWRIGHT_DATA", empty.toString()), false, "", "models").exitCode())
        .isEqualTo(4);
  }

  @Test
  void environment_names_a_remote_server(@TempDir Path empty) throws IOException {
    String admin = create("--admin").path("key").asText();
    Map<String, String> remote =
        Map.of(
            "GATEWRIGHT_DATA",
            empty.toString(),
            "GATEWRIGHT_URL",
            gate.url() + "/",
            "GATEWRIGHT_ADMIN_KEY",
            admin);
    assertThat(run(remote, false, "", "keys", "list").exitCode()).isZero();
    Map<String, String> wrong =
        Map.of(
            "GATEWRIGHT_DATA", empty.toString(),
            "GATEWRIGHT_URL", gate.url(),
            "GATEWRIGHT_ADMIN_KEY", "gw_admin_wrong");
    assertThat(run(wrong, false, "", "keys", "list").exitCode()).isEqualTo(2);
    // What the environment names stands above a server that runs here; a flag above both.
    Map<String, String> both =
        Map.of(
            "GATEWRIGHT_DATA", folder.toString(),
            "GATEWRIGHT_URL", "http://127.0.0.1:1",
            "GATEWRIGHT_ADMIN_KEY", "k");
    assertThat(run(both, false, "", "keys", "list").exitCode()).isEqualTo(4);
    assertThat(run(both, false, "", "keys", "list", "--data", folder.toString()).exitCode())
        .isZero();
    Map<String, String> half =
        Map.of("GATEWRIGHT_DATA", empty.toString(), "GATEWRIGHT_URL", gate.url());
    assertThat(run(half, false, "", "keys", "list").exitCode()).isEqualTo(1);
  }

  @Test
  void every_command_explains_itself() {
    for (String line :
        List.of(
            "--help",
            "serve --help",
            "keys --help",
            "keys create --help",
            "keys edit --help",
            "audit list --help",
            "audit verify --help",
            "audit anchor --help",
            "keys rotate --help",
            "keys verify --help",
            "usage --help",
            "models --help",
            "version --help")) {
      Result help = gatewright(line.split(" "));
      assertThat(help.exitCode()).as(line).isZero();
      assertThat(help.out()).as(line).startsWith("Usage: gatewright");
    }
  }

  @Test
  void without_a_command_a_person_gets_a_menu_and_a_script_the_usage() {
    Map<String, String> environment = Map.of("GATEWRIGHT_DATA", folder.toString());
    Result menu = run(environment, true, "3\nx\n1\nfrom the menu\nq\n");
    assertThat(menu.exitCode()).isZero();
    assertThat(menu.out()).contains("fast").contains("gw_live_");
    assertThat(menu.err()).contains("x (expected: 1 … 5, or q)");
    Result script = run(environment, false, "");
    assertThat(script.exitCode()).isEqualTo(1);
    assertThat(script.err()).startsWith("Usage: gatewright");
    assertThat(script.out()).isEmpty();
  }

  @Test
  void serve_refuses_what_it_cannot_do_in_one_sentence(@TempDir Path other) {
    Result taken = gatewright("serve", "--port", "0");
    assertThat(taken.exitCode()).isEqualTo(5);
    assertThat(taken.err().lines()).hasSize(1);
    assertThat(taken.err()).contains(folder.toString());
    Result wrong =
        run(Map.of("GATEWRIGHT_DATA", other.toString()), false, "", "serve", "--port", "many");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("--port: many");
    Result missing = gatewright("serve", "--config", "/nowhere.yaml");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("/nowhere.yaml");
  }
}
