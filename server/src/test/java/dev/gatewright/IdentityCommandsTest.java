package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.cli.output.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gatewright setup`, `setup-link` and `login-code`, against a real server.
class IdentityCommandsTest {
  @TempDir static Path folder;

  private static void askForCode(CommandGate gate, String email) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gate.url() + "/api/auth/code"))
            .header("content-type", "application/json")
            .header("origin", gate.url())
            .POST(HttpRequest.BodyPublishers.ofString("{\"email\":\"" + email + "\"}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void a_gate_is_claimed_once_and_codes_are_read_out() throws Exception {
    try (CommandGate gate = CommandGate.start(folder)) {
      CommandGate.Result link = gate.run("setup-link");
      assertThat(link.exitCode()).isZero();
      assertThat(link.out().strip())
          .matches("http://localhost:\\d+/console/setup#[A-Za-z0-9_-]{43}")
          .isEqualTo(kept());
      assertThat(gate.run("setup-link", "--json").json().path("link").asText()).isEqualTo(kept());

      assertThat(gate.run("login-code", "ana@example.com").exitCode())
          .isEqualTo(ExitCode.NOT_FOUND);
      assertThat(gate.run("setup", "--email", "ana@example.com").exitCode())
          .isEqualTo(ExitCode.USAGE);
      assertThat(gate.run("setup", "--email", "ana", "--organization", "Acme").exitCode())
          .isEqualTo(ExitCode.REFUSED);
      CommandGate.Result done =
          gate.run("setup", "--email", "ana@example.com", "--organization", "Acme", "--json");
      assertThat(done.json().path("person_id").asText()).startsWith("per_");
      assertThat(folder.resolve("setup-link")).doesNotExist();
      assertThat(gate.run("setup", "--email", "eve@example.com", "--organization", "x").exitCode())
          .isEqualTo(ExitCode.REFUSED);
      assertThat(gate.run("setup-link").exitCode()).isEqualTo(ExitCode.REFUSED);

      askForCode(gate, "ana@example.com");
      askForCode(gate, "eve@example.com");
      CommandGate.Result code = gate.run("login-code", "Ana@Example.com");
      assertThat(code.exitCode()).as(code.err()).isZero();
      assertThat(code.out()).matches("[0-9A-HJKMNP-TV-Z]{8}\n");
      assertThat(code.err()).contains("127.0.0.1");
      // Whoever may not sign in has no code that opens anything.
      assertThat(gate.run("login-code", "eve@example.com").exitCode())
          .isEqualTo(ExitCode.NOT_FOUND);
    }
  }

  private static String kept() throws IOException {
    return Files.readString(folder.resolve("setup-link")).strip();
  }
}
