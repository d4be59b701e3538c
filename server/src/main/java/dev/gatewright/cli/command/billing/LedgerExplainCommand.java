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
import picocli.CommandLine.Parameters;

/// `gatewright ledger explain`
@Command(
    name = "explain",
    description =
        "Say why a call cost what it did: what was counted, by which price, by whose word.")
final class LedgerExplainCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "REQUEST_ID", description = "A call's x-request-id (req_…).")
  private String id = "";

  LedgerExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (!id.matches("req_[0-9A-Za-z_-]{1,64}")) {
      throw new CommandFailed(ExitCode.USAGE, id + " (expected: req_…, a call's x-request-id)");
    }
    JsonNode why = server.connect(terminal).get("/api/billing/requests/" + id);
    if (output.printed(terminal, why)) {
      return ExitCode.OK;
    }
    String cost = why.path("cost").isNull() ? "not known" : why.path("cost").asText() + " USD";
    terminal.print("cost    " + cost + ", billed " + why.path("billed").asText());
    why.path("meters")
        .properties()
        .forEach(meter -> {
          JsonNode rate = why.path("price").path("meters").path(meter.getKey());
          terminal.print(
              "        %s %s%s"
                  .formatted(
                      meter.getValue().asText(),
                      meter.getKey(),
                      rate.isMissingNode()
                          ? ""
                          : " at %s/%s"
                              .formatted(rate.path("usd").asText(), rate.path("per").asText())));
        });
    terminal.print(
        "price   %s %s"
            .formatted(
                why.path("price").path("model").asText("none"),
                why.path("price").path("id").asText("")));
    TextTable table =
        new TextTable(
            "ATTEMPT", "TARGET", "OUTCOME", "COST", "INPUT BY", "OUTPUT BY", "UPSTREAM ID");
    table.rows(
        why.path("evidence"),
        "attempt",
        "target",
        "outcome",
        "cost",
        "input_source",
        "output_source",
        "upstream_request_id");
    table.print(terminal);
    return ExitCode.OK;
  }
}
