package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright org show`
@Command(name = "show", description = "Show an organization.")
final class OrgShowCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final OrgId id = new OrgId();
  private final Terminal terminal;

  OrgShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = "/api/platform/organizations/" + id.text();
    JsonNode organization = server.connect(terminal).get(path);
    if (!output.printed(terminal, organization)) {
      Fields.print(terminal, organization);
    }
    return ExitCode.OK;
  }
}
