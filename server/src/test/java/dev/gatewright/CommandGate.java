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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A gate, and command lines that find it by its data folder.
record CommandGate(Gatewright gate, Path folder) implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      assertThat(exitCode).as(err).isZero();
      assertThat(out.lines()).hasSize(1);
      return JSON.readTree(out);
    }
  }

  static CommandGate start(Path folder) throws IOException {
    String yaml =
        """
        listen: { port: 0 }
        metrics: { port: 0 }
        providers: [{ id: openai, api-key: x }]
        models: [{ id: fast, targets: [openai/m] }]
        services: [{ id: tts, preset: piper, instances: ["http://127.0.0.1:9"] }]
        """;
    return new CommandGate(
        Gatewright.start(
            ConfigSources.ofText(yaml).withFlag("data", folder.toString()), Time.system()),
        folder);
  }

  @Override
  public void close() {
    gate.close();
  }

  String url() {
    return gate.url();
  }

  static Result run(
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

  Result run(String... arguments) {
    return run(Map.of("GATEWRIGHT_DATA", folder.toString()), false, "", arguments);
  }

  /// Shown on standard input, as a key is to be.
  Result verify(String key) {
    return run(
        Map.of("GATEWRIGHT_DATA", folder.toString()),
        false,
        key + "\n",
        "keys",
        "verify",
        "--json");
  }

  /// A key called `app`.
  JsonNode create(String... more) throws IOException {
    String[] arguments = new String[more.length + 5];
    System.arraycopy(
        new String[] {"keys", "create", "--name", "app", "--json"}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return run(arguments).json();
  }
}
