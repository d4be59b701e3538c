package dev.gatewright.cli.command.limit;

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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright limits list`
@Command(name = "list", description = "List limits, newest first.")
final class LimitsListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--on",
      paramLabel = "ON",
      description = "Those of this one: key_…, per_…, prj_…, org_…, service:… or site:….")
  private @Nullable String on;

  LimitsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String of = on == null ? "" : "&on=" + URLEncoder.encode(on, StandardCharsets.UTF_8);
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/limits?limit=200" + of);
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    for (JsonNode each : all.path("data")) {
      ((ObjectNode) each).put("text", LimitText.of(each));
    }
    TextTable table = new TextTable("ID", "ON", "LIMIT", "CREATED");
    table.rows(all.path("data"), "id", "on", "text", "created_at");
    table.print(terminal);
    return ExitCode.OK;
  }
}
