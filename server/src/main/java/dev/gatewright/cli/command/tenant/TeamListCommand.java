package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
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

/// `gatewright team list`
@Command(name = "list", description = "List members, and whom an invitation waits for.")
final class TeamListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  TeamListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    ObjectNode members = Pages.all(client::get, "/api/team/members?limit=200");
    if (output.printed(terminal, members)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("PERSON", "EMAIL", "ROLE", "PROJECTS", "SINCE");
    for (JsonNode member : members.path("data")) {
      table.row(
          Fields.text(member, "person_id"),
          Fields.text(member, "email"),
          Fields.text(member, "role"),
          Fields.text(member, "projects"),
          Fields.text(member, "since"));
    }
    for (JsonNode invitation :
        Pages.all(client::get, "/api/team/invitations?limit=200").path("data")) {
      table.row(
          Fields.text(invitation, "id"),
          Fields.text(invitation, "email"),
          Fields.text(invitation, "role"),
          Fields.text(invitation, "projects"),
          invitation.path("state").asText().equals("open") ? "invited" : "invitation expired");
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
