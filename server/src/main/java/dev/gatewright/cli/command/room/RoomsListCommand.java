package dev.gatewright.cli.command.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.cli.output.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright rooms list`
@Command(name = "list", description = "List the rooms this gate made with this credential.")
final class RoomsListCommand implements Callable<Integer> {
  @Mixin private final RoomOptions room = new RoomOptions();
  private final Terminal terminal;

  RoomsListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode rooms =
        Pages.all(path -> room.call(terminal, "GET", path, null), "/v1/rooms?limit=100");
    if (room.printed(terminal, rooms)) {
      return ExitCode.OK;
    }
    TextTable table = new TextTable("NAME", "STATUS", "PROFILE", "EXPIRES", "URL");
    table.rows(rooms.path("data"), "name", "status", "profile", "expires_at", "url");
    table.print(terminal);
    return ExitCode.OK;
  }
}
