package dev.gatewright.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright usage`
@Command(name = "usage", description = "Show what was called and counted.")
public final class UsageCommand implements Callable<Integer> {
  /// Fields and their column heads.
  private static final Map<String, String> NUMBERS =
      ordered(
          "requests", "REQUESTS",
          "attempts", "ATTEMPTS",
          "input_tokens", "INPUT",
          "output_tokens", "OUTPUT",
          "cached_tokens", "CACHED");

  private static final Map<String, String> UNITS =
      ordered(
          "audio_seconds", "AUDIO SECONDS",
          "images", "IMAGES",
          "characters", "CHARACTERS",
          "bytes", "BYTES");

  /// What usage can be grouped by; the words of the REST resource.
  enum By {
    model,
    target,
    provider,
    key,
    day
  }

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--by",
      defaultValue = "model",
      description = "${COMPLETION-CANDIDATES} (default: model).")
  private By by = By.model;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "7d",
      description = "How far back, such as 24h or 7d (default: 7d).")
  private String since = "7d";

  @Option(names = "--test", description = "Calls with test keys instead of live ones.")
  private boolean test;

  public UsageCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String query =
        "?by=%s&since=%s&test=%s".formatted(by, Durations.checked("--since", since), test);
    JsonNode usage = server.connect(terminal).get("/api/usage" + query);
    if (output.printed(terminal, usage)) {
      return ExitCode.OK;
    }
    table(usage.path("data")).print(terminal);
    return ExitCode.OK;
  }

  /// A unit's column stands there only when something was counted in it: most gates serve models
  /// alone.
  private TextTable table(JsonNode rows) {
    Map<String, String> columns = new LinkedHashMap<>(NUMBERS);
    UNITS.forEach((field, head) -> {
      if (rows.findValues(field).stream().anyMatch(value -> value.asDouble() != 0)) {
        columns.put(field, head);
      }
    });
    List<String> head = new ArrayList<>(List.of(by.name().toUpperCase(Locale.ROOT)));
    head.addAll(columns.values());
    TextTable table = new TextTable(head.toArray(String[]::new));
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      cells.add(Fields.text(row, row.has(by.name()) ? by.name() : by.name() + "_id"));
      columns.keySet().forEach(field -> cells.add(Fields.text(row, field)));
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static Map<String, String> ordered(String... namesAndHeads) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (int i = 0; i < namesAndHeads.length; i += 2) {
      ordered.put(namesAndHeads[i], namesAndHeads[i + 1]);
    }
    return Collections.unmodifiableMap(ordered);
  }
}
