package dev.gatewright.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright models`
@Command(name = "models", description = "List the models callers can ask for.")
public final class ModelsCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  public ModelsCommand(Terminal terminal) {
    this.terminal = terminal;
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
