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

/// `gatewright org rename`
@Command(name = "rename", description = "Give an organization another name.")
final class OrgRenameCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final OrgId id = new OrgId();
  private final Terminal terminal;

  @Parameters(index = "1", paramLabel = "NAME", description = "What it is called from now on.")
  private String name = "";

  OrgRenameCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path();
    ObjectNode body = GateClient.JSON.createObjectNode().put("name", name);
    JsonNode organization = server.connect(terminal).patch(path, body);
    if (!output.printed(terminal, organization)) {
      terminal.print(Fields.text(organization, "id") + "  " + Fields.text(organization, "name"));
    }
    return ExitCode.OK;
  }
}
