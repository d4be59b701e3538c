package dev.gatewright.cli.command.room;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.RoomServerOptions;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What every command on rooms takes. The provider's credential is read from the environment, never
/// from an argument, which every process on the machine could see.
final class RoomOptions {
  private static final String CREDENTIAL = "GATEWRIGHT_PROVIDER_AUTH";

  @Mixin private final RoomServerOptions server = new RoomServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Option(
      names = "--provider",
      paramLabel = "ID",
      description =
          "daily, livekit or janus (default: daily). Its credential is taken from "
              + CREDENTIAL
              + "; without that variable the one in the server's configuration pays.")
  private String provider = "daily";

  JsonNode call(Terminal terminal, String method, String path, @Nullable ObjectNode body) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-provider", provider);
    String credential = terminal.environment().get(CREDENTIAL);
    if (credential != null) {
      headers.put("x-provider-auth", credential);
    }
    return server.connect(terminal).call(method, path, body, headers);
  }

  /// Prints an answer: as JSON if asked for, else one field a line.
  void print(Terminal terminal, JsonNode answer) {
    if (!output.printed(terminal, answer)) {
      Fields.print(terminal, answer);
    }
  }

  boolean printed(Terminal terminal, JsonNode answer) {
    return output.printed(terminal, answer);
  }
}
