package dev.gatewright.cli.command.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
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

/// `gatewright audit list`
@Command(name = "list", description = "List changes, newest first.")
final class AuditListCommand implements Callable<Integer> {
  private static final int PAGE_ROWS = 200;

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(names = "--actor", description = "By whom: key_…, local or system.")
  private @Nullable String actor;

  @Option(names = "--action", description = "What was done, such as key.edit.")
  private @Nullable String action;

  @Option(names = "--object", paramLabel = "ID", description = "To what, such as key_….")
  private @Nullable String object;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "At or after, such as 2027-01-31T12:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Before.")
  private @Nullable String to;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many at most (default: 50).")
  private int limit = 50;

  AuditListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new CommandFailed(ExitCode.USAGE, "--limit: %d (expected: 1 or more)".formatted(limit));
    }
    ObjectNode found = found(server.connect(terminal));
    if (output.printed(terminal, found)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("SEQ", "AT", "ACTOR", "ACTION", "OBJECT", "ADDRESS", "DETAIL");
    table.rows(found.path("data"), "seq", "at", "actor", "action", "object", "address", "detail");
    table.print(terminal);
    return ExitCode.OK;
  }

  private ObjectNode found(GateClient client) {
    String filter =
        parameter("actor", actor)
            + parameter("action", action)
            + parameter("object", object)
            + parameter("from", from)
            + parameter("to", to);
    ObjectNode found = GateClient.JSON.createObjectNode();
    ArrayNode data = found.putArray("data");
    JsonNode cursor = GateClient.JSON.missingNode();
    do {
      int rows = Math.min(PAGE_ROWS, limit - data.size());
      JsonNode page =
          client.get(
              "/api/audit?limit="
                  + rows
                  + filter
                  + parameter("cursor", cursor.isTextual() ? cursor.asText() : null));
      page.path("data").forEach(data::add);
      cursor = page.path("next_cursor");
    } while (cursor.isTextual() && data.size() < limit);
    return found.set("next_cursor", cursor);
  }

  private static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
