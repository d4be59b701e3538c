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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright team invite`
@Command(
    name = "invite",
    description = {
      "Invite somebody, and print the link, this once. It is good for 7 days, for whoever",
      "signs in with this address."
    })
final class TeamInviteCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final RoleOptions options = new RoleOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "EMAIL", description = "Whom.")
  private String email = "";

  @Option(
      names = "--role",
      required = true,
      description = "owner, admin, developer, billing or viewer.")
  private String role = "";

  TeamInviteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode().put("email", email).put("role", role);
    options.put(body);
    JsonNode made = server.connect(terminal).post("/api/team/invitations", body);
    if (!output.printed(terminal, made)) {
      terminal.say(
          "%s until %s. The link is shown only this once:"
              .formatted(Fields.text(made, "id"), Fields.text(made, "expires_at")));
      terminal.print(Fields.text(made, "link"));
    }
    return ExitCode.OK;
  }
}
