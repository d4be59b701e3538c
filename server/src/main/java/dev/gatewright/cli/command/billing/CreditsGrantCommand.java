package dev.gatewright.cli.command.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright credits grant`
@Command(
    name = "grant",
    description = {
      "Give an organization credit, on the machine the server runs on.",
      "The first grant makes its wallet: from then on the wallet pays for its calls."
    })
final class CreditsGrantCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "ORGANIZATION", description = "org_…")
  private String organization = "";

  @Parameters(index = "1", paramLabel = "USD", description = "Such as 25 or 12.50.")
  private String usd = "";

  @Option(names = "--promotional", description = "Nobody paid for it; used up first.")
  private boolean promotional;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "When what is left is taken back, such as 2027-01-31T00:00:00Z.")
  private @Nullable String expires;

  @Option(names = "--note", description = "What it is for.")
  private @Nullable String note;

  CreditsGrantCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("organization_id", organization);
    body.put("usd", usd);
    body.put("kind", promotional ? "promotional" : "paid");
    if (expires != null) {
      body.put("expires_at", expires);
    }
    if (note != null) {
      body.put("note", note);
    }
    JsonNode made = server.connect(terminal).post("/api/billing/grants", body);
    if (!output.printed(terminal, made)) {
      Fields.print(terminal, made);
    }
    return ExitCode.OK;
  }
}
