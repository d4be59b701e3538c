package dev.gatewright.cli.command.room;

import dev.gatewright.cli.output.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gatewright rooms …`
@Command(name = "rooms", description = "Make and end video rooms.")
public final class RoomsCommand {
  private RoomsCommand() {}

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new RoomsCommand())
        .addSubcommand("create", new RoomsCreateCommand(terminal, "/v1/rooms"))
        .addSubcommand("plan", new RoomsCreateCommand(terminal, "/v1/room-plans"))
        .addSubcommand("get", new RoomsOneCommand(terminal, "GET"))
        .addSubcommand("delete", new RoomsOneCommand(terminal, "DELETE"))
        .addSubcommand("list", new RoomsListCommand(terminal))
        .addSubcommand("token", new RoomsTokenCommand(terminal));
  }
}
