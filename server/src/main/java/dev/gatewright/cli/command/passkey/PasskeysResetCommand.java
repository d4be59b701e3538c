package dev.gatewright.cli.command.passkey;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright passkeys reset`
@Command(
    name = "reset",
    description = {
      "Take all of a person's passkeys away, on the server's machine; for 24 hours the person may",
      "add a first one by a mailed code."
    })
final class PasskeysResetCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "EMAIL", description = "Whose.")
  private String email = "";

  PasskeysResetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode done =
        server
            .connect(terminal)
            .post(
                "/api/auth/passkeys/reset", GateClient.JSON.createObjectNode().put("email", email));
    if (!output.printed(terminal, done)) {
      terminal.say("%s has no passkeys now.".formatted(email));
    }
    return ExitCode.OK;
  }
}
