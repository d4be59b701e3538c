package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright org restore`
@Command(name = "restore", description = "Undo a deletion within its 7 days; its keys work again.")
final class OrgRestoreCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final OrgId id = new OrgId();
  private final Terminal terminal;

  OrgRestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path() + "/restore";
    JsonNode back = server.connect(terminal).post(path, GateClient.JSON.createObjectNode());
    if (!output.printed(terminal, back)) {
      terminal.print(Fields.text(back, "id") + "  " + Fields.text(back, "state"));
    }
    return ExitCode.OK;
  }
}
