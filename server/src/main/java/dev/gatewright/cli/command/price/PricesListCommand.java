package dev.gatewright.cli.command.price;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright prices list`
@Command(name = "list", description = "List every price there ever was, by model and version.")
final class PricesListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--model", paramLabel = "MODEL", description = "Those of this model alone.")
  private @Nullable String model;

  PricesListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String of = model == null ? "" : "&model=" + URLEncoder.encode(model, StandardCharsets.UTF_8);
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/prices?limit=200" + of);
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    all.path("data")
        .forEach(each -> ((ObjectNode) each).put("shown", meters(each)).put("state", state(each)));
    TextTable table = new TextTable("MODEL", "FROM", "USD", "ORIGIN", "STATE", "ID");
    table.rows(all.path("data"), "model", "from", "shown", "origin", "state", "id");
    table.print(terminal);
    return ExitCode.OK;
  }

  private static String meters(JsonNode price) {
    StringJoiner text = new StringJoiner(" ");
    price
        .path("meters")
        .properties()
        .forEach(meter ->
            text.add(
                "%s=%s/%s"
                    .formatted(
                        meter.getKey(),
                        meter.getValue().path("usd").asText(),
                        meter.getValue().path("per").asText())));
    return text.toString();
  }

  private static String state(JsonNode price) {
    if (!price.path("active").asBoolean()) {
      return "kept";
    }
    return price.path("forecast").asBoolean() ? "forecast" : "applies";
  }
}
