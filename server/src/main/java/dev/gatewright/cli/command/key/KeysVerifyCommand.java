package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright keys verify`. The key is never an argument: those are visible to everybody on the
/// machine.
@Command(
    name = "verify",
    description = "Say whether the key on standard input is valid; exit code 2 = it is not.")
final class KeysVerifyCommand implements Callable<Integer> {
  private static final int CHARACTERS_MAX = 512;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  KeysVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (terminal.interactive()) {
      terminal.say("Paste the key and press Enter:");
    }
    String key = terminal.in().readLine();
    if (key == null || key.isBlank() || key.length() > CHARACTERS_MAX) {
      throw new CommandFailed(ExitCode.USAGE, "standard input: (expected: one key on one line)");
    }
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("key", key.strip());
    JsonNode verdict = server.connect(terminal).post("/api/keys/verify", body);
    boolean valid = verdict.path("valid").asBoolean();
    if (!output.printed(terminal, verdict)) {
      Fields.print(terminal, verdict);
    }
    return valid ? ExitCode.OK : ExitCode.INVALID_KEY;
  }
}
