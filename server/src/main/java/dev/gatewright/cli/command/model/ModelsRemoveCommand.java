package dev.gatewright.cli.command.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright models remove`
@Command(name = "remove", description = "Forget a name of the organization's own.")
final class ModelsRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "NAME", description = "As `models list` shows it.")
  private String name = "";

  ModelsRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    String there = ModelNames.path(gate, name);
    if (there == null) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s (expected: a name as `models list` shows it)".formatted(name));
    }
    gate.delete(there);
    ObjectNode gone = GateClient.JSON.createObjectNode().put("id", name).put("removed", true);
    if (!output.printed(terminal, gone)) {
      terminal.print(name + "  removed");
    }
    return ExitCode.OK;
  }
}
