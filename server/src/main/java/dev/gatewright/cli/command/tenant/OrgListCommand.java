package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright org list`
@Command(name = "list", description = "List all organizations, those being deleted included.")
final class OrgListCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  OrgListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all =
        Pages.all(server.connect(terminal)::get, "/api/platform/organizations?limit=200");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table =
        new TextTable("ID", "NAME", "STATE", "MEMBERS", "PROJECTS", "CREATED", "RESTORABLE UNTIL");
    for (JsonNode organization : all.path("data")) {
      table.row(
          Fields.text(organization, "id"),
          Fields.text(organization, "name"),
          Fields.text(organization, "state"),
          Fields.text(organization, "members"),
          Fields.text(organization, "projects"),
          Fields.text(organization, "created_at"),
          Fields.text(organization, "restorable_until"));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
