package dev.gatewright.cli.command.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright providers list`
@Command(name = "list", description = "List providers of models; no secret is shown.")
final class ProvidersListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  ProvidersListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/providers");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "SOURCE", "DIALECT", "BASE-URL", "MODELS");
    for (JsonNode each : all.path("data")) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "source"),
          Fields.text(each, "dialect"),
          Fields.text(each, "base_url"),
          Fields.text(each, "models"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
