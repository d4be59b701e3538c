package dev.gatewright.cli.command.identity;

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

/// `gatewright setup-link`
@Command(
    name = "setup-link",
    description = {
      "Make a link by which the gate is claimed, good for 30 minutes.",
      "Ends with 5 when somebody owns it."
    })
public final class SetupLinkCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  public SetupLinkCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode made =
        server.connect(terminal).post("/api/auth/setup/link", GateClient.JSON.createObjectNode());
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "link"));
    }
    return ExitCode.OK;
  }
}
