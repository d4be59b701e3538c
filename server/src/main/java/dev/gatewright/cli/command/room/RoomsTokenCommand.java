package dev.gatewright.cli.command.room;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright rooms token`
@Command(name = "token", description = "Mint a token that lets one person into one room.")
final class RoomsTokenCommand implements Callable<Integer> {
  @Mixin private final RoomOptions room = new RoomOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "NAME", description = "The room's name.")
  private String name = "";

  @Option(names = "--role", description = "owner, speaker or viewer (default: speaker).")
  private String role = "speaker";

  @Option(names = "--user", description = "Who it is for (default: a guest).")
  private @Nullable String user;

  @Option(names = "--ttl", description = "Seconds it is good for (default: 3600).")
  private int ttl = 3_600;

  RoomsTokenCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("role", role).put("ttl", ttl);
    if (user != null) {
      body.put("user", user);
    }
    String path = RoomsOneCommand.path(name) + "/tokens";
    room.print(terminal, room.call(terminal, "POST", path, body));
    return ExitCode.OK;
  }
}
