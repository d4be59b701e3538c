package dev.gatewright.cli.command.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright budgets list`
@Command(name = "list", description = "List budgets, with what is spent and when it begins anew.")
final class BudgetsListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--on", paramLabel = "ID", description = "Those on this alone.")
  private @Nullable String on;

  BudgetsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    ObjectNode all =
        on == null ? Pages.all(gate::get, BudgetText.PATH + "?limit=200") : BudgetText.of(gate, on);
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    all.path("data")
        .forEach(each ->
            ((ObjectNode) each).put("kind", each.path("hard").asBoolean() ? "hard" : "soft"));
    TextTable table =
        new TextTable("ID", "ON", "USD", "PER", "KIND", "SPENT", "RESERVED", "RESETS AT");
    table.rows(
        all.path("data"), "id", "on", "usd", "per", "kind", "spent", "reserved", "resets_at");
    table.print(terminal);
    return ExitCode.OK;
  }
}
