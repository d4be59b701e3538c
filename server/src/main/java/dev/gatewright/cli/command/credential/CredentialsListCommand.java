package dev.gatewright.cli.command.credential;

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

/// `gatewright credentials list`
@Command(name = "list", description = "List stored credentials, without their secrets.")
final class CredentialsListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  CredentialsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/credentials");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table =
        new TextTable("ID", "NAME", "KIND", "PROVIDER", "PROJECT", "STATE", "LAST4", "ORIGIN");
    for (JsonNode each : all.path("data")) {
      table.row(
          Fields.text(each, "id"),
          Fields.text(each, "name"),
          Fields.text(each, "kind"),
          Fields.text(each, "provider"),
          Fields.text(each, "project_id"),
          Fields.text(each, "state"),
          Fields.text(each, "last4"),
          Fields.text(each, "origin"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
