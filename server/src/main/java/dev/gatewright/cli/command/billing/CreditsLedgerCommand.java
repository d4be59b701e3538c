package dev.gatewright.cli.command.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright credits ledger`
@Command(name = "ledger", description = "List what came into a wallet and left it, newest first.")
final class CreditsLedgerCommand implements Callable<Integer> {
  private static final int ROWS_MAX = 500;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many at most, up to 500 (default: 50).")
  private int limit = 50;

  CreditsLedgerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > ROWS_MAX) {
      throw new CommandFailed(
          ExitCode.USAGE, "--limit: %d (expected: 1 to %d)".formatted(limit, ROWS_MAX));
    }
    JsonNode page = server.connect(terminal).get("/api/billing/ledger?limit=" + limit);
    if (output.printed(terminal, page)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("AT", "KIND", "USD", "DEBIT", "CREDIT", "REF", "NOTE");
    table.rows(page.path("data"), "at", "kind", "usd", "debit", "credit", "ref", "note");
    table.print(terminal);
    return ExitCode.OK;
  }
}
