package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright team set-role`
@Command(
    name = "set-role",
    description = "Give a member another role, or a developer other projects.")
final class TeamSetRoleCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RoleOptions options = new RoleOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "EMAIL", description = "Whom; or per_….")
  private String person = "";

  @Parameters(
      index = "1",
      paramLabel = "ROLE",
      description = "owner, admin, developer, billing or viewer.")
  private String role = "";

  TeamSetRoleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    ObjectNode body = GateClient.JSON.createObjectNode().put("role", role);
    options.put(body);
    JsonNode member = client.patch("/api/team/members/" + PersonOf.team(client, person), body);
    if (!output.printed(terminal, member)) {
      terminal.print(Fields.text(member, "email") + "  " + Fields.text(member, "role"));
    }
    return ExitCode.OK;
  }
}
