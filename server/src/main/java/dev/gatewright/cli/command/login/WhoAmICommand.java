package dev.gatewright.cli.command.login;

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

/// `gatewright whoami`
@Command(
    name = "whoami",
    description = "Which server commands go to, and as whom. Ends with 2 when not signed in.")
public final class WhoAmICommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  public WhoAmICommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    JsonNode who = gate.get("/api/auth/whoami");
    if (!output.printed(terminal, who)) {
      ObjectNode told = GateClient.JSON.createObjectNode().put("url", gate.url());
      who.properties().forEach(field -> told.set(field.getKey(), field.getValue()));
      Fields.print(terminal, told);
    }
    return ExitCode.OK;
  }
}
