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
        .addSubcommand(
            "create", described(new RoomsCreateCommand(terminal, "/v1/rooms"), "Make a room."))
        .addSubcommand(
            "plan",
            described(
                new RoomsCreateCommand(terminal, "/v1/room-plans"),
                "Show what create would send, and what becomes of each capability; make nothing."))
        .addSubcommand("get", new RoomsOneCommand(terminal, "GET"))
        .addSubcommand("delete", new RoomsOneCommand(terminal, "DELETE"))
        .addSubcommand("list", new RoomsListCommand(terminal))
        .addSubcommand("token", new RoomsTokenCommand(terminal));
  }

  /// Two commands of one class differ in what their help says.
  private static CommandLine described(Object command, String what) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec().usageMessage().description(what);
    return line;
  }
}
