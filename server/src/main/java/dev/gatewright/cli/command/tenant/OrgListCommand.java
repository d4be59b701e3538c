package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.ExitCode;
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
    table.rows(
        all.path("data"),
        "id",
        "name",
        "state",
        "members",
        "projects",
        "created_at",
        "restorable_until");
    table.print(terminal);
    return ExitCode.OK;
  }
}
