package dev.gatewright.cli.command.billing;

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

/// `gatewright credits topup`
@Command(name = "topup", description = "Buy credit by card; prints where it is paid.")
final class CreditsTopupCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "USD", description = "Such as 25 or 12.50.")
  private String usd = "";

  CreditsTopupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode().put("usd", usd);
    JsonNode made = server.connect(terminal).post("/api/billing/topups", body);
    if (!output.printed(terminal, made)) {
      terminal.print(Fields.text(made, "url"));
    }
    return ExitCode.OK;
  }
}
