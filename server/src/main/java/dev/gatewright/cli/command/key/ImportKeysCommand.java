package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.key.migration.file.ImportRow;
import dev.gatewright.key.migration.file.KeyFile;
import dev.gatewright.key.migration.file.KeyFileContent;
import dev.gatewright.key.migration.file.KeyFileFormat;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright import keys`
@Command(
    name = "keys",
    description = {
      "Take over another gate's keys by their hashes; they go on working as they are.",
      "Running it again changes nothing: keys that are here stay as they are."
    })
public final class ImportKeysCommand implements Callable<Integer> {
  private static final long FILE_BYTES_MAX = 64L << 20;
  private static final int BATCH_ROWS_MAX = 500;

  /// Well below what the server takes in one body.
  private static final int BATCH_CHARACTERS_MAX = 256 << 10;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file of keys.")
  private Path file = Path.of("");

  @Option(
      names = "--format",
      description =
          "json-map (a Flask gate), llmgateway, csv or gatewright (default: found out from the"
              + " content).")
  private @Nullable String format;

  @Option(names = "--dry-run", description = "Say what would become of each row; change nothing.")
  private boolean dryRun;

  ImportKeysCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(name = "import", description = "Take over what another gate has.")
  static final class Group {
    private Group() {}
  }

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new Group()).addSubcommand(new ImportKeysCommand(terminal));
  }

  @Override
  public Integer call() {
    KeyFileContent content = read();
    ImportReport report = new ImportReport(content, dryRun);
    List<Entry> entries = entries(content);
    GateClient client = server.connect(terminal);
    int sent = 0;
    for (int from = 0; from < entries.size(); from = sent) {
      sent = batchEnd(entries, from);
      report.add(client.post("/api/keys/import", body(entries.subList(from, sent))));
      if (sent < entries.size() || from > 0) {
        terminal.say("%d of %d rows".formatted(sent, entries.size()));
      }
    }
    JsonNode result = report.json();
    if (!output.printed(terminal, result)) {
      report.print(terminal);
    }
    return report.refused() ? ExitCode.REFUSED : ExitCode.OK;
  }

  private KeyFileContent read() {
    KeyFileFormat wanted = format == null ? null : KeyFileFormat.of(format);
    if (format != null && wanted == null) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "--format: %s (expected: json-map, llmgateway, csv or gatewright)".formatted(format));
    }
    return switch (KeyFile.read(text(), wanted)) {
      case KeyFile.Read.Good good -> good.content();
      case KeyFile.Read.Unreadable unreadable ->
          throw new CommandFailed(ExitCode.USAGE, "%s: %s".formatted(file, unreadable.message()));
    };
  }

  private String text() {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new CommandFailed(
            ExitCode.USAGE, "%s: larger than 64 MiB (expected: split it)".formatted(file));
      }
      return Files.readString(file);
    } catch (CharacterCodingException notText) {
      throw new CommandFailed(ExitCode.USAGE, "%s: not UTF-8 text".formatted(file));
    } catch (IOException unreadable) {
      throw new CommandFailed(ExitCode.USAGE, "%s: cannot be read".formatted(file));
    }
  }

  /// @param exported goes under `exported` rather than `rows`
  private record Entry(boolean exported, ObjectNode json, int characters) {
    static Entry of(boolean exported, ObjectNode json) {
      return new Entry(exported, json, json.toString().length());
    }
  }

  private static List<Entry> entries(KeyFileContent content) {
    List<Entry> entries = new ArrayList<>();
    for (ImportRow row : content.rows()) {
      entries.add(Entry.of(false, row.toJson()));
    }
    for (ObjectNode key : content.exported()) {
      entries.add(Entry.of(true, key));
    }
    return entries;
  }

  private static int batchEnd(List<Entry> entries, int from) {
    int end = from + 1;
    int characters = entries.get(from).characters();
    while (end < entries.size()
        && end - from < BATCH_ROWS_MAX
        && characters + entries.get(end).characters() < BATCH_CHARACTERS_MAX) {
      characters += entries.get(end++).characters();
    }
    return end;
  }

  private ObjectNode body(List<Entry> batch) {
    ObjectNode body = GateClient.JSON.createObjectNode().put("dry_run", dryRun);
    for (Entry entry : batch) {
      body.withArray(entry.exported() ? "exported" : "rows").add(entry.json());
    }
    return body;
  }
}
