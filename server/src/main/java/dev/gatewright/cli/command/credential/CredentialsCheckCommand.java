package dev.gatewright.cli.command.credential;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright credentials check`
@Command(
    name = "check",
    description = "Ask the provider whether it takes the credential; exit code 2 = it does not.")
final class CredentialsCheckCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final CredentialId id = new CredentialId();
  private final Terminal terminal;

  CredentialsCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode checked =
        server.connect(terminal).post(id.path() + "/check", GateClient.JSON.createObjectNode());
    if (!output.printed(terminal, checked)) {
      Fields.print(terminal, checked);
    }
    return checked.path("ok").asBoolean() ? ExitCode.OK : ExitCode.INVALID_KEY;
  }
}
