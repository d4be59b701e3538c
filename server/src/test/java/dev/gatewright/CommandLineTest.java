package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.CommandGate.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What all commands share: exit codes, where the server is, help and menu; against a real server.
class CommandLineTest {
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
    Result result = gate.run(line.split(" "));
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isNotEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
  }

  @Test
  void unknown_keys_are_exit_code_3_and_the_servers_refusals_5() {
    Result missing = gate.run("keys", "show", "key_0000000000");
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err()).contains("request id req_");
    Result refused = gate.run("keys", "create", "--name", "n", "--ip", "not-an-address");
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.err()).contains("not-an-address", "request id req_");
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void no_server_is_exit_code_4(@TempDir Path empty) throws IOException {
    Result none =
        CommandGate.run(Map.of("GATEWRIGHT_DATA", empty.toString()), false, "", "keys", "list");
    assertThat(none.exitCode()).isEqualTo(4);
    assertThat(none.err()).contains("gatewright serve");
    Result gone =
        CommandGate.run(
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
    assertThat(
            CommandGate.run(Map.of("GATEWRIGHT_DATA", empty.toString()), false, "", "models")
                .exitCode())
        .isEqualTo(4);
  }

  @Test
  void environment_names_a_remote_server(@TempDir Path empty) throws IOException {
    String admin = gate.create("--admin").path("key").asText();
    Map<String, String> remote =
        Map.of(
            "GATEWRIGHT_DATA",
            empty.toString(),
            "GATEWRIGHT_URL",
            gate.url() + "/",
            "GATEWRIGHT_ADMIN_KEY",
            admin);
    assertThat(CommandGate.run(remote, false, "", "keys", "list").exitCode()).isZero();
    Map<String, String> wrong =
        Map.of(
            "GATEWRIGHT_DATA", empty.toString(),
            "GATEWRIGHT_URL", gate.url(),
            "GATEWRIGHT_ADMIN_KEY", "gw_admin_wrong");
    assertThat(CommandGate.run(wrong, false, "", "keys", "list").exitCode()).isEqualTo(2);
    // What the environment names stands above a server that runs here; a flag above both.
    Map<String, String> both =
        Map.of(
            "GATEWRIGHT_DATA", folder.toString(),
            "GATEWRIGHT_URL", "http://127.0.0.1:1",
            "GATEWRIGHT_ADMIN_KEY", "k");
    assertThat(CommandGate.run(both, false, "", "keys", "list").exitCode()).isEqualTo(4);
    assertThat(
            CommandGate.run(both, false, "", "keys", "list", "--data", folder.toString())
                .exitCode())
        .isZero();
    Map<String, String> half =
        Map.of("GATEWRIGHT_DATA", empty.toString(), "GATEWRIGHT_URL", gate.url());
    assertThat(CommandGate.run(half, false, "", "keys", "list").exitCode()).isEqualTo(2);
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
            "audit export --help",
            "secrets --help",
            "secrets status --help",
            "secrets rotate --help",
            "keys rotate --help",
            "keys verify --help",
            "usage --help",
            "models --help",
            "login --help",
            "whoami --help",
            "logout --help",
            "version --help")) {
      Result help = gate.run(line.split(" "));
      assertThat(help.exitCode()).as(line).isZero();
      assertThat(help.out()).as(line).startsWith("Usage: gatewright");
    }
  }

  @Test
  void without_a_command_a_person_gets_a_menu_and_a_script_the_usage() {
    Map<String, String> environment = Map.of("GATEWRIGHT_DATA", folder.toString());
    Result menu = CommandGate.run(environment, true, "3\nx\n1\nfrom the menu\nq\n");
    assertThat(menu.exitCode()).isZero();
    assertThat(menu.out()).contains("fast").contains("gw_live_");
    assertThat(menu.err()).contains("x (expected: 1 … 5, or q)");
    Result script = CommandGate.run(environment, false, "");
    assertThat(script.exitCode()).isEqualTo(1);
    assertThat(script.err()).startsWith("Usage: gatewright");
    assertThat(script.out()).isEmpty();
  }

  @Test
  void serve_refuses_what_it_cannot_do_in_one_sentence(@TempDir Path other) {
    Result taken = gate.run("serve", "--port", "0");
    assertThat(taken.exitCode()).isEqualTo(5);
    assertThat(taken.err().lines()).hasSize(1);
    assertThat(taken.err()).contains(folder.toString());
    Result wrong =
        CommandGate.run(
            Map.of("GATEWRIGHT_DATA", other.toString()), false, "", "serve", "--port", "many");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("--port: many");
    Result missing = gate.run("serve", "--config", "/nowhere.yaml");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("/nowhere.yaml");
  }
}
