package dev.gatewright.cli.command.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright ledger …`
@Command(name = "ledger", description = "Check the books; say why a call cost what it did.")
public final class LedgerCommand {
  private LedgerCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new LedgerCommand())
        .addSubcommand(new Verify(terminal))
        .addSubcommand(new LedgerExplainCommand(terminal));
  }

  /// `gatewright ledger verify`
  @Command(
      name = "verify",
      description = {
        "Compute every account, purse, lot and chain of transfers again.",
        "Ends with 6 when something differs. On the machine the server runs on."
      })
  static final class Verify implements Callable<Integer> {
    @Mixin private final LocalServerOptions server = new LocalServerOptions();
    @Mixin private final OutputOptions output = new OutputOptions();
    private final Terminal terminal;

    Verify(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      JsonNode verdict =
          server.connect(terminal).post("/api/billing/verify", GateClient.JSON.createObjectNode());
      boolean ok = verdict.path("ok").asBoolean();
      if (!output.printed(terminal, verdict)) {
        if (ok) {
          terminal.print("the books add up");
        }
        verdict.path("differences").forEach(each -> terminal.print(each.asText()));
        verdict
            .path("unknown")
            .forEach(each ->
                terminal.print(
                    "%s: what it was given is unknown, an older version changed it"
                        .formatted(each.asText())));
      }
      return ok ? ExitCode.OK : ExitCode.BOOKS_DIFFER;
    }
  }
}
