package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
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

/// `gatewright team remove`
@Command(
    name = "remove",
    description = "Take a member out; personal keys are disabled and listed, project keys go on.")
final class TeamRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "EMAIL", description = "Whom; or per_….")
  private String person = "";

  TeamRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    JsonNode removed = client.delete("/api/team/members/" + PersonOf.team(client, person));
    if (!output.printed(terminal, removed)) {
      String keys = Fields.text(removed, "disabled_keys");
      terminal.print(
          Fields.text(removed, "person_id")
              + "  removed"
              + (keys.isEmpty() ? "" : ", disabled: " + keys));
    }
    return ExitCode.OK;
  }
}
