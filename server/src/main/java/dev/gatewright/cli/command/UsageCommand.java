package dev.gatewright.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
          "cached_tokens", "CACHED",
          "cost", "COST USD");

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
    project,
    member,
    service,
    site,
    tag,
    day,
    hour
  }

  /// What is printed.
  enum Format {
    json,
    csv
  }

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = {"--group", "--by"},
      split = ",",
      paramLabel = "WHAT[,WHAT]",
      description = "One or two of ${COMPLETION-CANDIDATES} (default: model).")
  private List<By> groups = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "How far back, such as 24h or 7d (default: 7d); or --from.")
  private @Nullable String since;

  @Option(
      names = "--from",
      paramLabel = "WHEN",
      description = "From this date on, in --tz, or from this instant (2026-11-21T09:00:00Z).")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "WHEN", description = "Before this date or instant.")
  private @Nullable String to;

  @Option(
      names = "--tz",
      paramLabel = "ZONE",
      description = "Whose days and hours, such as Europe/Berlin (default: UTC).")
  private @Nullable String zone;

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES}, instead of a table to read.")
  private @Nullable Format format;

  @Option(names = "--test", description = "Calls with test keys instead of live ones.")
  private boolean test;

  public UsageCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("group", words().stream().collect(Collectors.joining(",")));
    put(query, "since", since == null ? null : Durations.checked("--since", since));
    put(query, "from", from);
    put(query, "to", to);
    put(query, "tz", zone);
    query.put("test", Boolean.toString(test));
    StringBuilder path = new StringBuilder("/api/usage");
    query.forEach((name, value) ->
        path.append(path.indexOf("?") < 0 ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    GateClient client = server.connect(terminal);
    if (format == Format.csv) {
      ByteArrayOutputStream csv = new ByteArrayOutputStream();
      client.download(path + "&format=csv", csv);
      terminal.print(csv.toString(StandardCharsets.UTF_8).stripTrailing());
      return ExitCode.OK;
    }
    JsonNode usage = client.get(path.toString());
    if (format == Format.json) {
      terminal.print(usage.toString());
      return ExitCode.OK;
    }
    if (output.printed(terminal, usage)) {
      return ExitCode.OK;
    }
    table(usage.path("data")).print(terminal);
    return ExitCode.OK;
  }

  private static void put(Map<String, String> query, String name, @Nullable String value) {
    if (value != null) {
      query.put(name, value);
    }
  }

  private List<String> words() {
    return groups.isEmpty() ? List.of("model") : groups.stream().map(By::name).toList();
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
    List<String> head = new ArrayList<>();
    words().forEach(word -> head.add(word.toUpperCase(Locale.ROOT)));
    head.addAll(columns.values());
    TextTable table = new TextTable(head.toArray(String[]::new));
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      words().forEach(word -> cells.add(Fields.text(row, word)));
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
