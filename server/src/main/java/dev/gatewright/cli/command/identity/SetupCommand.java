package dev.gatewright.cli.command.identity;

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
import picocli.CommandLine.Option;

/// `gatewright setup`
@Command(
    name = "setup",
    description = {
      "Make somebody the owner of a gate that has none, on the server's machine.",
      "Ends with 5 when it has one."
    })
public final class SetupCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--email",
      required = true,
      paramLabel = "ADDRESS",
      description = "Whoever signs in with this address runs the gate.")
  private String email = "";

  @Option(
      names = "--organization",
      required = true,
      paramLabel = "NAME",
      description = "What the organization that is there is to be called.")
  private String organization = "";

  public SetupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("email", email);
    body.put("organization", organization);
    JsonNode made = server.connect(terminal).post("/api/auth/setup/owner", body);
    if (!output.printed(terminal, made)) {
      Fields.print(terminal, made);
      terminal.say("%s owns this gate now.".formatted(email));
    }
    return ExitCode.OK;
  }
}
