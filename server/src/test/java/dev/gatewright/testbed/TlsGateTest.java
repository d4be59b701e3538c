package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The product with `listen.tls`, met by the command line and by strangers.
class TlsGateTest {
  @TempDir Path folder;

  private record Result(int exitCode, String out, String err) {}

  private Result run(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(Reader.nullReader()),
            new PrintWriter(out),
            new PrintWriter(err),
            environment,
            false);
    int exitCode = GatewrightCommand.run(List.of(arguments), terminal, new NoInstallation());
    return new Result(exitCode, out.toString(), err.toString());
  }

  private Result run(GateSetup setup, String... arguments) {
    return run(Map.of("GATEWRIGHT_DATA", setup.data().toString()), arguments);
  }

  private GateSetup setup() {
    TestCertificate.SHARED.write(folder);
    return GateSetup.in(folder.resolve("gate"))
        .settings(
            "listen: { tls: { certificate: %1$s/server.crt, key: %1$s/server.key } }"
                .formatted(folder));
  }

  private static String serverFile(GateSetup setup) {
    try {
      return Files.readString(setup.data().resolve("server.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void the_command_line_follows_the_certificate_through_its_renewal() throws Exception {
    GateSetup setup = setup();
    try (Gate gate = LocalGate.start(setup)) {
      assertThat(gate.url().getScheme()).isEqualTo("https");
      Result listed = run(setup, "keys", "list");
      assertThat(listed.exitCode()).as(listed.err()).isZero();

      String before = serverFile(setup);
      TestCertificate second = TestCertificate.make("EC").write(folder);
      Await.until(() -> !serverFile(setup).equals(before));
      Result renewed = run(setup, "keys", "list");
      assertThat(renewed.exitCode()).as(renewed.err()).isZero();

      // Somebody else's certificate in our server's place is not believed.
      String file = serverFile(setup);
      Files.writeString(
          setup.data().resolve("server.json"),
          file.replaceFirst("\"certificate\":\"....", "\"certificate\":\"0000"));
      assertThat(run(setup, "keys", "list").exitCode()).isNotZero();

      try (HttpClient client = HttpClient.newBuilder().sslContext(second.trusting()).build()) {
        String health =
            client
                .send(
                    HttpRequest.newBuilder(gate.url().resolve("/health")).build(),
                    BodyHandlers.ofString())
                .body();
        assertThat(health).contains("\"healthy\"").doesNotContain("warnings");
      }
    }
  }

  @Test
  void one_clear_line_for_the_wrong_scheme_either_way() throws Exception {
    GateSetup setup = setup();
    try (Gate gate = LocalGate.start(setup);
        HttpClient client = HttpClient.newHttpClient()) {
      URI clear = URI.create("http://127.0.0.1:%d/health".formatted(gate.port()));
      var answer = client.send(HttpRequest.newBuilder(clear).build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("this port speaks TLS (expected: https://");
      Result said =
          run(
              Map.of(
                  "GATEWRIGHT_URL", "http://127.0.0.1:" + gate.port(), "GATEWRIGHT_ADMIN_KEY", "x"),
              "keys",
              "list");
      assertThat(said.err()).contains("this port speaks TLS (expected: https://");
    }
    try (Gate gate = LocalGate.start(GateSetup.in(folder.resolve("clear")))) {
      Result said =
          run(
              Map.of(
                  "GATEWRIGHT_URL",
                  "https://127.0.0.1:" + gate.port(),
                  "GATEWRIGHT_ADMIN_KEY",
                  "x"),
              "keys",
              "list");
      assertThat(said.err()).contains("HTTP without TLS (expected: http:// in place of https://)");
    }
  }
}
