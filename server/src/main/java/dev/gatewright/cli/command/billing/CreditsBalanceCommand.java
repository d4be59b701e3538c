package dev.gatewright.cli.command.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright credits balance`
@Command(name = "balance", description = "Show what an organization's wallet has.")
final class CreditsBalanceCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  CreditsBalanceCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode balance = server.connect(terminal).get("/api/billing/balance");
    if (!output.printed(terminal, balance)) {
      Fields.print(terminal, balance);
    }
    return ExitCode.OK;
  }
}
