package dev.gatewright.cli.command.budget;

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

/// `gatewright budgets remove`
@Command(name = "remove", description = "Forget a budget: it refuses nobody any more.")
final class BudgetsRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "As `budgets list` shows it.")
  private String id = "";

  BudgetsRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (!id.matches("bud_[0-9A-Za-z_-]{1,64}")) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s (expected: bud_…, as `budgets list` shows it)".formatted(id));
    }
    server.connect(terminal).delete(BudgetText.PATH + "/" + id);
    ObjectNode gone = GateClient.JSON.createObjectNode().put("id", id).put("removed", true);
    if (!output.printed(terminal, gone)) {
      terminal.print(id + "  removed");
    }
    return ExitCode.OK;
  }
}
