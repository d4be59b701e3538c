package dev.gatewright.cli.command.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright rooms get` and `gatewright rooms delete`
@Command(description = "Show or delete one room.")
final class RoomsOneCommand implements Callable<Integer> {
  @Mixin private final RoomOptions room = new RoomOptions();
  private final Terminal terminal;
  private final String method;

  @Parameters(paramLabel = "NAME", description = "The room's name.")
  private String name = "";

  RoomsOneCommand(Terminal terminal, String method) {
    this.terminal = terminal;
    this.method = method;
  }

  @Override
  public Integer call() {
    JsonNode answer = room.call(terminal, method, path(name), null);
    if (!answer.isMissingNode()) {
      room.print(terminal, answer);
    }
    return ExitCode.OK;
  }

  static String path(String name) {
    return "/v1/rooms/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
