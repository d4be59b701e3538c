package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.command.Durations;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright keys report`
@Command(
    name = "report",
    description = "List usable keys that never expire, that nothing limits, unused or weak ones.")
final class KeysReportCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Option(
      names = "--unused",
      paramLabel = "TIME",
      defaultValue = "90d",
      description = "How long without use counts as unused (default: 90d).")
  private String unused = "90d";

  KeysReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String query = "?unused=" + Durations.checked("--unused", unused);
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/keys/report" + query);
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("ID", "NAME", "KIND", "USER", "LAST USED", "FINDINGS");
    table.rows(all.path("data"), "id", "name", "kind", "user", "last_used_at", "findings");
    table.print(terminal);
    return ExitCode.OK;
  }
}
