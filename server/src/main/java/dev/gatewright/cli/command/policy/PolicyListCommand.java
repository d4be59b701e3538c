package dev.gatewright.cli.command.policy;

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

/// `gatewright policy list`
@Command(name = "list", description = "List rules, newest first, then those of keys.")
final class PolicyListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--on",
      paramLabel = "LAYER",
      description = "Those of this layer: organization, project, member or key.")
  private @Nullable String on;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Those of this owner: org_…, prj_…, per_… or key_….")
  private @Nullable String id;

  PolicyListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all =
        Pages.all(
            server.connect(terminal)::get,
            "/api/policy/rules?limit=200" + parameter("on", on) + parameter("id", id));
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "ON", "SUBJECT", "EFFECT", "TYPE", "VALUES", "NAME");
    table.rows(all.path("data"), "id", "on", "subject_id", "effect", "type", "values", "name");
    table.print(terminal);
    return ExitCode.OK;
  }

  private static String parameter(String name, @Nullable String value) {
    return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
