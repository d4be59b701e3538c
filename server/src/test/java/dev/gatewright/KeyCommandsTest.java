package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.CommandGate.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Making, editing, showing and ending keys from the command line, against a real server.
class KeyCommandsTest {
  @TempDir static Path folder;
  private static CommandGate gate;

  @BeforeAll
  static void start() throws IOException {
    gate = CommandGate.start(folder);
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  @Test
  void creates_keys_of_each_kind_with_rules_and_expiry() throws IOException {
    JsonNode live = gate.create("--expires", "30d", "--models", "fast,a*", "--ip", "10.0.0.0/8");
    assertThat(live.path("id").asText()).startsWith("key_");
    assertThat(live.path("key").asText()).startsWith("gw_live_");
    assertThat(live.path("name").asText()).isEqualTo("app");
    assertThat(live.path("expires_at").asText()).isNotEmpty();
    assertThat(live.path("rules")).hasSize(2);
    assertThat(gate.create("--test").path("key").asText()).startsWith("gw_test_");
    assertThat(gate.create("--admin").path("key").asText()).startsWith("gw_admin_");
  }

  @Test
  void keys_name_pages_a_project_and_words_of_your_own() throws IOException {
    JsonNode made =
        gate.create("--origins", "https://app.example", "--metadata", "{\"team\":[1,\"a\"]}");
    assertThat(made.path("origins").toString()).isEqualTo("[\"https://app.example\"]");
    assertThat(made.path("metadata").toString()).isEqualTo("{\"team\":[1,\"a\"]}");
    String id = made.path("id").asText();
    String project = made.path("project_id").asText();
    assertThat(gate.create("--project", project).path("project_id").asText()).isEqualTo(project);
    JsonNode cleared = gate.run("keys", "edit", id, "--clear", "origins,metadata", "--json").json();
    assertThat(cleared.path("origins")).isEmpty();
    assertThat(cleared.path("metadata")).isEmpty();
    for (String[] wrong :
        new String[][] {
          {"--project", "prj_none"}, {"--owner", "per_nobody"}, {"--origins", "app.example"}
        }) {
      assertThat(gate.run("keys", "create", "--name", "n", wrong[0], wrong[1]).exitCode())
          .as(wrong[0])
          .isEqualTo(5);
    }
    assertThat(gate.run("keys", "create", "--name", "n", "--metadata", "[]").exitCode())
        .isEqualTo(1);
    assertThat(
            gate.run("keys", "create", "--name", "n", "--preview", "--json")
                .json()
                .path("kind")
                .asText())
        .isEqualTo("live");
  }

  @Test
  void edits_keys_and_clears_what_they_had() throws IOException {
    JsonNode made =
        gate.create(
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
        gate.run(
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
    assertThat(gate.run("keys", "edit", id, "--clear", "expires").out()).contains("edited", "deny");
    assertThat(gate.run("keys", "edit", id).exitCode()).isEqualTo(1);
    assertThat(gate.run("keys", "edit", id, "--clear", "kind").exitCode()).isEqualTo(1);
    assertThat(gate.run("keys", "edit", id, "--clear", "user", "--user", "u").exitCode())
        .isEqualTo(1);
    assertThat(gate.run("keys", "edit", id, "--expires", "soon").exitCode()).isEqualTo(1);
    assertThat(gate.run("keys", "edit", id, "--ip", "10.0.0.0/33").exitCode()).isEqualTo(5);
    assertThat(gate.run("keys", "edit", "key_0000000000", "--name", "n").exitCode()).isEqualTo(3);
  }

  @Test
  void gives_service_scopes_and_a_user() throws IOException {
    JsonNode made = gate.create("--services", "chat,tts", "--manage", "chat", "--user", "ada");
    assertThat(made.path("scopes").toString())
        .isEqualTo("[\"chat:use\",\"tts:use\",\"chat:manage\"]");
    assertThat(made.path("manages").toString()).isEqualTo("[\"chat\"]");
    assertThat(made.path("user").asText()).isEqualTo("ada");
    String id = made.path("id").asText();
    assertThat(gate.run("keys", "show", id).out()).contains("chat:use,tts:use,chat:manage");
    assertThat(gate.run("keys", "list").out()).contains("chat:use,tts:use,chat:manage", "ada");
    for (String[] wrong :
        List.of(
            new String[] {"--services", "Chat"},
            new String[] {"--services", "*"},
            new String[] {"--services", "tts", "--manage", "chat"},
            new String[] {"--test", "--manage", "chat"})) {
      String[] arguments =
          Stream.concat(Stream.of("keys", "create", "--name", "x"), Stream.of(wrong))
              .toArray(String[]::new);
      assertThat(gate.run(arguments).exitCode()).isEqualTo(5);
    }
  }

  @Test
  void quiet_prints_the_key_and_nothing_else() {
    Result quiet = gate.run("keys", "create", "--name", "q", "--quiet");
    assertThat(quiet.exitCode()).isZero();
    assertThat(quiet.out()).matches("gw_live_[0-9A-Za-z]{10}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}\\R");
    assertThat(quiet.err()).isEmpty();
    Result told = gate.run("keys", "create", "--name", "q");
    assertThat(told.out()).matches("gw_live_\\S+\\R");
    assertThat(told.err()).contains("only this once");
  }

  @Test
  void lists_and_shows_without_secrets() throws IOException {
    JsonNode made = gate.create();
    String id = made.path("id").asText();
    JsonNode all = gate.run("keys", "list", "--json").json();
    assertThat(all.path("data").findValuesAsText("id")).contains(id);
    Result table = gate.run("keys", "list");
    assertThat(table.out()).startsWith("ID ").contains(id);
    Result shown = gate.run("keys", "show", id);
    assertThat(shown.out()).contains(id, "active");
    assertThat(all + table.out() + shown.out()).doesNotContain(made.path("key").asText());
    assertThat(gate.run("keys", "show", id, "--json").json().path("id").asText()).isEqualTo(id);
  }

  @Test
  void lists_all_pages() throws IOException {
    for (int i = 0; i < 51; i++) {
      gate.create();
    }
    JsonNode all = gate.run("keys", "list", "--json").json();
    assertThat(all.path("data").size()).isGreaterThan(51);
    assertThat(all.path("next_cursor").isNull()).isTrue();
  }

  @Test
  void disables_enables_rotates_and_revokes() throws IOException {
    JsonNode made = gate.create();
    String id = made.path("id").asText();
    String key = made.path("key").asText();
    assertThat(gate.verify(key).exitCode()).isZero();
    assertThat(gate.run("keys", "disable", id).out()).contains("disabled");
    assertThat(gate.verify(key).exitCode()).isEqualTo(2);
    assertThat(gate.run("keys", "enable", id, "--json").json().path("state").asText())
        .isEqualTo("active");
    JsonNode rotated = gate.run("keys", "rotate", id, "--grace", "0s", "--json").json();
    assertThat(rotated.path("id").asText()).isEqualTo(id);
    assertThat(gate.verify(key).exitCode()).isEqualTo(2);
    assertThat(gate.verify(rotated.path("key").asText()).exitCode()).isZero();
    assertThat(gate.run("keys", "revoke", id).out()).contains("revoked");
    Result again = gate.run("keys", "enable", id);
    assertThat(again.exitCode()).isEqualTo(5);
    assertThat(again.err()).contains("revoked", "request id req_");
  }

  @Test
  void verify_reads_standard_input_and_tells_validity_by_exit_code() {
    assertThat(gate.verify("gw_live_junk").exitCode()).isEqualTo(2);
    assertThat(gate.verify("gw_live_junk").out()).contains("\"valid\":false");
    assertThat(gate.verify("").exitCode()).isEqualTo(1);
    Result argument = gate.run("keys", "verify", "gw_live_0123456789");
    assertThat(argument.exitCode()).isEqualTo(1);
  }
}
