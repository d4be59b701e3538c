package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright keys list`
@Command(name = "list", description = "List all keys, without their secrets.")
final class KeysListCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  KeysListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode all = Pages.all(server.connect(terminal)::get, "/api/keys");
    if (output.printed(terminal, all)) {
      return ExitCode.OK;
    }
    TextTable table =
        new TextTable(
            "ID", "NAME", "KIND", "STATE", "PROJECT", "USER", "SCOPES", "CREATED", "EXPIRES");
    table.rows(
        all.path("data"),
        "id",
        "name",
        "kind",
        "state",
        "project_id",
        "user",
        "scopes",
        "created_at",
        "expires_at");
    table.print(terminal);
    return ExitCode.OK;
  }
}
