package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright org set-owner`
@Command(
    name = "set-owner",
    description = {
      "Make somebody who has an account here an owner, beside those there are.",
      "For an organization whose owners are gone; on the server's machine only."
    })
final class OrgSetOwnerCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final OrgId id = new OrgId();
  private final Terminal terminal;

  @Parameters(index = "1", paramLabel = "EMAIL", description = "Whose it is to be; or per_….")
  private String person = "";

  OrgSetOwnerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path() + "/transfer";
    GateClient client = server.connect(terminal);
    ObjectNode body =
        GateClient.JSON.createObjectNode().put("person_id", PersonOf.email(client, person));
    JsonNode owner = client.post(path, body);
    if (!output.printed(terminal, owner)) {
      terminal.print(Fields.text(owner, "person_id") + "  " + Fields.text(owner, "role"));
    }
    return ExitCode.OK;
  }
}
