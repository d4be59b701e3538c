package dev.gatewright.cli.command.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright budgets set`
@Command(
    name = "set",
    description = {
      "Give a key, person, project or organization a budget, or change the one it has for that time.",
      "A hard one refuses what it has no room for; with :soft it counts and tells."
    })
final class BudgetsSetCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "ON", description = "key_…, per_…, prj_… or org_….")
  private String on = "";

  @Parameters(
      index = "1",
      paramLabel = "USD/PER",
      description = "Such as 5/day, 20/week, 100/month:soft or 1000/lifetime.")
  private String budget = "";

  @Option(
      names = "--alerts",
      split = ",",
      paramLabel = "PERCENT",
      description = "When people are told (default: 50,80,100).")
  private @Nullable List<Integer> alerts;

  BudgetsSetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    BudgetText wanted = BudgetText.parse("USD/PER", budget);
    ObjectNode more = GateClient.JSON.createObjectNode();
    if (alerts != null) {
      ArrayNode percents = more.putArray("alerts");
      alerts.forEach(percents::add);
    }
    JsonNode now = wanted.set(server.connect(terminal), on, more);
    if (!output.printed(terminal, now)) {
      Fields.print(terminal, now);
    }
    return ExitCode.OK;
  }
}
