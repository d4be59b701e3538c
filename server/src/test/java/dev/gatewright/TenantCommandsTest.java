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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gatewright org …`, `team …` and `--organization`, against a real server.
class TenantCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Gatewright gate;

  private record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      assertThat(exitCode).as(err).isZero();
      return JSON.readTree(out);
    }
  }

  @BeforeAll
  static void start() throws IOException {
    gate =
        Gatewright.start(
            ConfigSources.ofText("listen: { port: 0 }\nmetrics: { port: 0 }\n")
                .withFlag("data", folder.toString()),
            Time.system());
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  private static Result gatewright(String... arguments) {
    return typed(null, arguments);
  }

  /// @param typed what a person at a terminal types; null = nobody sits there
  private static Result typed(@Nullable String typed, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader(typed == null ? "" : typed)),
            new PrintWriter(out),
            new PrintWriter(err),
            Map.of("GATEWRIGHT_DATA", folder.toString()),
            typed != null);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new Serve());
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Test
  void an_organization_is_made_shown_renamed_deleted_and_restored() throws IOException {
    String id = gatewright("org", "create", "Acme").out().strip();
    assertThat(id).startsWith("org_");
    assertThat(gatewright("org", "list").out()).contains(id, "Acme", "active");
    assertThat(gatewright("org", "list", "--json").json().path("data")).hasSizeGreaterThan(1);
    assertThat(gatewright("org", "rename", id, "Beta").out()).contains("Beta");
    assertThat(gatewright("org", "show", id).out()).contains("Beta", "platform_credentials");
    assertThat(gatewright("org", "delete", id).exitCode()).isEqualTo(1);
    assertThat(typed("n\n", "org", "delete", id).exitCode()).isEqualTo(1);
    assertThat(typed("y\n", "org", "delete", id).out()).contains("deleting", "restorable until");
    assertThat(gatewright("org", "show", id, "--json").json().path("state").asText())
        .isEqualTo("deleting");
    assertThat(gatewright("org", "restore", id).out()).contains("active");
    assertThat(gatewright("org", "delete", id, "--yes").exitCode()).isZero();
    assertThat(gatewright("org", "show", "org_none").exitCode()).isEqualTo(3);
    assertThat(gatewright("org", "show", "Acme").exitCode()).isEqualTo(1);
    assertThat(gatewright("org", "create", "Acme", "--owner", "no@body.test").exitCode())
        .isEqualTo(3);
  }

  @Test
  void commands_go_to_the_organization_that_is_named() throws IOException {
    String id = gatewright("org", "create", "Named").out().strip();
    JsonNode key =
        gatewright("keys", "create", "--name", "theirs", "--json", "--organization", id).json();
    assertThat(key.path("organization_id").asText()).isEqualTo(id);
    assertThat(gatewright("keys", "list", "--organization", id, "--json").json().path("data"))
        .hasSize(1);
    assertThat(gatewright("keys", "list").out()).doesNotContain("theirs");
    assertThat(gatewright("audit", "list", "--organization", id).out())
        .contains("organization.create", "key.create");
    assertThat(gatewright("audit", "verify", "--organization", id).out()).contains("2 links");
    assertThat(gatewright("usage", "--organization", id).exitCode()).isZero();
    assertThat(gatewright("keys", "list", "--organization", "org_none").exitCode()).isEqualTo(3);
    assertThat(gatewright("keys", "list", "--organization", "Named").exitCode()).isEqualTo(1);
  }

  @Test
  void a_team_is_invited_listed_and_refused_what_is_not_there() throws IOException {
    String id = gatewright("org", "create", "Team").out().strip();
    Result invited =
        gatewright("team", "invite", "bo@example.com", "--role", "admin", "--organization", id);
    assertThat(invited.exitCode()).as(invited.err()).isZero();
    assertThat(invited.out())
        .startsWith("http://localhost:" + URI.create(gate.url()).getPort())
        .contains("/console/invitation#");
    assertThat(gatewright("team", "list", "--organization", id).out())
        .contains("inv_", "bo@example.com", "admin", "invited");
    assertThat(gatewright("team", "list", "--organization", id, "--json").json().path("data"))
        .isEmpty();
    assertThat(gatewright("team", "invite", "b@x", "--role", "admin").exitCode()).isEqualTo(5);
    assertThat(gatewright("team", "invite", "bo@example.com").exitCode()).isEqualTo(1);
    assertThat(gatewright("team", "remove", "no@body.test", "--organization", id).exitCode())
        .isEqualTo(3);
    assertThat(gatewright("team", "set-role", "per_none", "admin").exitCode()).isEqualTo(3);
    assertThat(gatewright("org", "set-owner", id, "no@body.test").exitCode()).isEqualTo(3);
    assertThat(gatewright("org", "set-owner", id, "per_none").exitCode()).isEqualTo(3);
  }

  @Test
  void tenants_are_imported_once_with_people_projects_and_keys(@TempDir Path elsewhere)
      throws IOException {
    String key = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";
    Path file = elsewhere.resolve("tenants.json");
    Files.writeString(
        file,
        """
        {"organizations": [{
          "ref": "acme", "name": "Acme Imported",
          "projects": [
            {"ref": "web", "name": "Web", "mode": "api-keys",
             "keys": [{"key": "%s", "name": "phone"}, {"key": "tiny"}]},
            {"ref": "app", "name": "App"}],
          "people": [
            {"email": "ana@example.com", "role": "owner"},
            {"email": "bo@example.com", "role": "developer", "projects": ["web"]}]
        }]}
        """
            .formatted(key));
    Result trial = gatewright("import", "tenants", file.toString(), "--dry-run");
    assertThat(trial.exitCode()).as(trial.err()).isEqualTo(5);
    assertThat(trial.out()).contains("organizations: 1 would be imported");
    assertThat(gatewright("org", "list").out()).doesNotContain("Acme Imported");

    Result first = gatewright("import", "tenants", file.toString());
    assertThat(first.exitCode()).as(first.err()).isEqualTo(5);
    assertThat(first.out())
        .contains(
            "organizations: 1 imported, 0 here already, 0 refused",
            "projects: 2 imported",
            "people: 2 imported",
            "keys: 1 imported, 0 here already, 1 refused");
    assertThat(first.err()).contains("acme: key 2: refused").doesNotContain("tiny");
    String id = "";
    for (JsonNode one : gatewright("org", "list", "--json").json().path("data")) {
      id = one.path("name").asText().equals("Acme Imported") ? one.path("id").asText() : id;
    }
    assertThat(gatewright("team", "list", "--organization", id).out())
        .contains("ana@example.com", "owner", "bo@example.com", "developer", "prj_");
    assertThat(gatewright("keys", "list", "--organization", id).out()).contains("phone");
    assertThat(gatewright("audit", "verify", "--organization", id).exitCode()).isZero();
    Result again = gatewright("import", "tenants", file.toString());
    assertThat(again.out())
        .contains(
            "organizations: 0 imported, 1 here already",
            "projects: 0 imported, 2 here already",
            "people: 0 imported, 2 here already",
            "keys: 0 imported, 1 here already, 1 refused");
    Files.writeString(file, "{\"organizations\": 1}");
    assertThat(gatewright("import", "tenants", file.toString()).exitCode()).isEqualTo(1);
    Files.writeString(file, "{");
    assertThat(gatewright("import", "tenants", file.toString()).exitCode()).isEqualTo(1);
  }
}
