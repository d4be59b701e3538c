package dev.gatewright.cli.command.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright models`, and what stands below it
@Command(
    name = "models",
    description = {
      "List the models callers can ask for.",
      "`models list`, `set` and `remove` are about names the organization gives to models."
    })
public final class ModelsCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  private ModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new ModelsCommand(terminal))
        .addSubcommand(new ModelsListCommand(terminal))
        .addSubcommand(new ModelsSetCommand(terminal))
        .addSubcommand(new ModelsRemoveCommand(terminal));
  }

  @Override
  public Integer call() {
    JsonNode models = server.connect(terminal).get("/v1/models");
    if (output.printed(terminal, models)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("MODEL", "OWNER");
    table.rows(models.path("data"), "id", "owned_by");
    table.print(terminal);
    return ExitCode.OK;
  }
}
