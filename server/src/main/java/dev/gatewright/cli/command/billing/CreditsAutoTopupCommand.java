package dev.gatewright.cli.command.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright credits auto-topup`
@Command(
    name = "auto-topup",
    description = {
      "Charge the card that was paid with when little is left.",
      "Without an option it shows how it is set."
    })
final class CreditsAutoTopupCommand implements Callable<Integer> {
  private static final String PATH = "/api/billing/auto-topup";

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--below", paramLabel = "USD", description = "When less than this is left.")
  private @Nullable String below;

  @Option(names = "--to", paramLabel = "USD", description = "Up to so much.")
  private @Nullable String to;

  @Option(
      names = "--per-month-max",
      paramLabel = "USD",
      description = "At most so much in a calendar month, UTC.")
  private @Nullable String perMonthMax;

  @Option(names = "--off", description = "Never.")
  private boolean off;

  CreditsAutoTopupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    boolean set = below != null || to != null || perMonthMax != null;
    if (set) {
      body.put("below", below).put("to", to).put("per_month_max", perMonthMax);
    }
    if (set && off) {
      throw new CommandFailed(
          ExitCode.USAGE, "--off beside an amount (expected: one or the other)");
    }
    GateClient gate = server.connect(terminal);
    JsonNode now = set || off ? gate.call("PUT", PATH, body, Map.of()) : gate.get(PATH);
    if (!output.printed(terminal, now)) {
      Fields.print(terminal, now);
    }
    return ExitCode.OK;
  }
}
