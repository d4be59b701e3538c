package dev.gatewright.cli.command.room;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright rooms create`, and `plan`, which shows what it would do.
@Command
final class RoomsCreateCommand implements Callable<Integer> {
  @Mixin private final RoomOptions room = new RoomOptions();
  private final Terminal terminal;
  private final String path;

  @Option(names = "--name", description = "The room's name (default: one nobody guesses).")
  private @Nullable String name;

  @Option(
      names = "--profile",
      description =
          "conversation, audio_room, broadcast, podcast, live_stream or workshop (default:"
              + " conversation).")
  private String profile = "conversation";

  @Option(
      names = "--overrides",
      paramLabel = "JSON",
      description = "What differs from the profile, such as '{\"lifespan\":{\"expires_in\":600}}'.")
  private @Nullable String overrides;

  @Option(names = "--strict", description = "Refuse unless everything is applied in full.")
  private boolean strict;

  RoomsCreateCommand(Terminal terminal, String path) {
    this.terminal = terminal;
    this.path = path;
  }

  @Override
  public Integer call() {
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("profile", profile);
    if (name != null) {
      body.put("name", name);
    }
    if (strict) {
      body.put("strict", true);
    }
    if (overrides != null) {
      try {
        body.set("overrides", GateClient.JSON.readTree(overrides));
      } catch (JacksonException notJson) {
        throw new CommandFailed(ExitCode.USAGE, "--overrides: not JSON (expected: an object)");
      }
    }
    room.print(terminal, room.call(terminal, "POST", path, body));
    return ExitCode.OK;
  }
}
