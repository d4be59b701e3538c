package dev.gatewright.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright usage`
@Command(name = "usage", description = "Show what was called and counted.")
final class UsageCommand implements Callable<Integer> {
  private static final List<String> NUMBERS =
      List.of("requests", "attempts", "input_tokens", "output_tokens", "cached_tokens");

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

  UsageCommand(Terminal terminal) {
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
    TextTable table =
        new TextTable(
            by.name().toUpperCase(Locale.ROOT),
            "REQUESTS",
            "ATTEMPTS",
            "INPUT",
            "OUTPUT",
            "CACHED");
    for (JsonNode row : usage.path("data")) {
      table.row(
          Fields.text(row, row.has(by.name()) ? by.name() : by.name() + "_id"),
          Fields.text(row, NUMBERS.get(0)),
          Fields.text(row, NUMBERS.get(1)),
          Fields.text(row, NUMBERS.get(2)),
          Fields.text(row, NUMBERS.get(3)),
          Fields.text(row, NUMBERS.get(4)));
    }
    table.print(terminal);
    return ExitCode.OK;
  }
}
