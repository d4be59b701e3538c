package dev.gatewright.cli.command.price;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright prices diff` and `gatewright prices import`
abstract class PricesFileCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;
  private final boolean imports;

  @Parameters(
      paramLabel = "FILE",
      description =
          "LiteLLM's model_prices_and_context_window.json, models.dev's api.json or genai-prices' data.json.")
  private Path file = Path.of("");

  @Option(
      names = "--models",
      paramLabel = "MODEL",
      description =
          "provider/model, a final * for any rest; without it those that have a price or a name here.")
  private @Nullable String models;

  PricesFileCommand(Terminal terminal, boolean imports) {
    this.terminal = terminal;
    this.imports = imports;
  }

  /// `gatewright prices diff`
  @Command(
      name = "diff",
      description = "Show what another catalogue says otherwise; USD a million.")
  static final class Diff extends PricesFileCommand {
    Diff(Terminal terminal) {
      super(terminal, false);
    }
  }

  /// `gatewright prices import`
  @Command(
      name = "import",
      description = {
        "Take another catalogue's prices over, for who runs the platform; shows what changes.",
        "Takes nothing over and ends with 5 when one is off by 10 times or more."
      })
  static final class Import extends PricesFileCommand {
    Import(Terminal terminal) {
      super(terminal, true);
    }
  }

  @Override
  public Integer call() {
    GateClient gate = server.connect(terminal);
    PriceChanges changes = PriceChanges.of(gate, PriceSheet.read(file), models);
    ObjectNode answer = GateClient.JSON.createObjectNode().put("refused", changes.refused());
    answer.set("data", changes.rows());
    ArrayNode made = answer.putArray("imported");
    if (imports && !changes.refused()) {
      changes
          .bodies()
          .values()
          .forEach(body -> made.add(gate.post("/api/prices", body).path("id").asText()));
    }
    if (!output.printed(terminal, answer)) {
      TextTable table = new TextTable("MODEL", "METER", "NOW", "FILE", "");
      table.rows(changes.rows(), PriceChanges.columns().toArray(String[]::new));
      table.print(terminal);
      if (imports) {
        terminal.say("%d prices taken over".formatted(made.size()));
      }
    }
    return changes.refused() ? ExitCode.REFUSED : ExitCode.OK;
  }
}
