package dev.gatewright.cli.command.key;

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

/// `gatewright keys disable`, `enable`, `revoke`: one change of state each.
@Command(
    description = {
      "Change a key's state. Disabled keys can be enabled again; revoked ones never.",
      "Calls that run with the key end within a second."
    })
final class KeysChangeCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final KeyId id = new KeyId();
  private final Terminal terminal;
  private final String action;

  /// @param action as in the resource's path
  KeysChangeCommand(Terminal terminal, String action) {
    this.terminal = terminal;
    this.action = action;
  }

  @Override
  public Integer call() {
    String path = id.path() + "/" + action;
    JsonNode key = server.connect(terminal).post(path, GateClient.JSON.createObjectNode());
    if (!output.printed(terminal, key)) {
      terminal.print(Fields.text(key, "id") + "  " + Fields.text(key, "state"));
    }
    return ExitCode.OK;
  }
}
