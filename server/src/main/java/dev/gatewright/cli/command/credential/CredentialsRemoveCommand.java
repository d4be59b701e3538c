package dev.gatewright.cli.command.credential;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright credentials remove`
@Command(name = "remove", description = "Forget a credential. Calls go on without it at once.")
final class CredentialsRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final CredentialId id = new CredentialId();
  private final Terminal terminal;

  CredentialsRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    server.connect(terminal).call("DELETE", id.path(), null, Map.of());
    ObjectNode gone = GateClient.JSON.createObjectNode().put("id", id.id()).put("removed", true);
    if (!output.printed(terminal, gone)) {
      terminal.print(id.id() + "  removed");
    }
    return ExitCode.OK;
  }
}
