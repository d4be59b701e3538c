package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `gatewright credentials …` against a real server.
class CredentialCommandsTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private record Result(int exitCode, String out, String err) {}

  private static Result run(String in, Map<String, String> more, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> environment = new HashMap<>(more);
    environment.put("GATEWRIGHT_DATA", world.data().toString());
    Terminal terminal =
        new Terminal(
            new BufferedReader(new StringReader(in)),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new NoInstallation());
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Test
  void every_command() {
    Result added =
        run("sk-of-the-command-line\n", Map.of(), "credentials", "add", "--provider", "local");
    assertThat(added.exitCode()).as(added.err()).isZero();
    String id = added.out().strip();
    assertThat(id).startsWith("cred_");
    Result listed = run("", Map.of(), "credentials", "list");
    assertThat(listed.out()).contains(id, "line", "active").doesNotContain("sk-of");
    assertThat(run("", Map.of(), "credentials", "check", id).exitCode()).isZero();
    world.provider().answer(Answers.json(401, "{}"));
    Result bad = run("", Map.of(), "credentials", "check", id, "--json");
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.out()).contains("\"status\":401");
    Map<String, String> variable = Map.of("NEW_KEY", "sk-canary-of-variable");
    String[] replace = {"credentials", "replace", id, "--secret-env", "NEW_KEY"};
    Result refused = run("", variable, replace);
    assertThat(refused.exitCode()).isEqualTo(5);
    assertThat(refused.err()).contains("secret").doesNotContain("sk-canary");
    world.provider().reset();
    assertThat(run("", variable, replace).exitCode()).isZero();
    assertThat(run("", Map.of(), replace).exitCode()).isEqualTo(1);
    assertThat(run("", Map.of(), "credentials", "remove", id).exitCode()).isZero();
    assertThat(run("", Map.of(), "credentials", "remove", id).exitCode()).isEqualTo(3);
    Result secret = run("", Map.of(), "credentials", "remove", "sk-pasted-canary");
    assertThat(secret.exitCode()).isEqualTo(1);
    assertThat(secret.err()).doesNotContain("sk-pasted-canary");
    assertThat(run("", Map.of(), "credentials", "add", "--help").out()).contains("standard input");
  }

  @Test
  void providers_too() {
    Result added =
        run(
            "",
            Map.of(),
            "providers",
            "add",
            "--id",
            "lab",
            "--base-url",
            "https://llm.example.com/v1",
            "--model",
            "m1");
    assertThat(added.exitCode()).as(added.err()).isZero();
    assertThat(run("", Map.of(), "providers", "list").out()).contains("lab", "m1", "local", "file");
    Result edited =
        run("", Map.of(), "providers", "edit", "lab", "--model", "m2", "--endpoint", "/embeddings");
    assertThat(edited.exitCode()).as(edited.err()).isZero();
    assertThat(run("", Map.of(), "providers", "list").out()).contains("m2").doesNotContain("m1");
    assertThat(run("", Map.of(), "providers", "edit", "lab").exitCode()).isEqualTo(1);
    assertThat(run("", Map.of(), "providers", "edit", "local", "--model", "m").exitCode())
        .isEqualTo(5);
    assertThat(run("", Map.of(), "providers", "remove", "local").exitCode()).isEqualTo(5);
    assertThat(run("", Map.of(), "providers", "remove", "lab").exitCode()).isZero();
    assertThat(run("", Map.of(), "providers", "remove", "lab").exitCode()).isEqualTo(3);
    assertThat(run("", Map.of(), "providers", "remove", "../keys").exitCode()).isEqualTo(1);
  }

  @Test
  void names_of_models_too() {
    Result set = run("", Map.of(), "models", "set", "emby/*", "local/*");
    assertThat(set.exitCode()).as(set.err()).isZero();
    assertThat(run("", Map.of(), "models", "set", "emby/*", "local/*", "local/m1", "--json").out())
        .contains("\"targets\":[\"local/*\",\"local/m1\"]");
    assertThat(run("", Map.of(), "models", "list").out()).contains("emby/*", "local/m1");
    assertThat(run("", Map.of(), "models").exitCode()).isZero();
    assertThat(run("", Map.of(), "models", "remove", "emby/*").exitCode()).isZero();
    assertThat(run("", Map.of(), "models", "list").out()).doesNotContain("emby/*");
    assertThat(run("", Map.of(), "models", "remove", "emby/*").exitCode()).isEqualTo(1);
    assertThat(run("", Map.of(), "models", "set", "alone").exitCode()).isEqualTo(1);
  }
}
