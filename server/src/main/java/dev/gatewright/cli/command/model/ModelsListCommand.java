package dev.gatewright.cli.command.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright models list`
@Command(
    name = "list",
    description = "List names given to models: the configuration's and the organization's own.")
final class ModelsListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  ModelsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = ModelNames.all(server.connect(terminal));
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("NAME", "SOURCE", "TARGETS");
    for (JsonNode each : all.path("data")) {
      table.row(Fields.text(each, "id"), Fields.text(each, "source"), Fields.text(each, "targets"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
