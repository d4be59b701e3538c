package dev.gatewright.cli.command.limit;

import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright limits remove`
@Command(name = "remove", description = "Take a limit away.")
final class LimitsRemoveCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "LIMIT", description = "Its id: lim_….")
  private String id = "";

  LimitsRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    server.connect(terminal).delete("/api/limits/" + URLEncoder.encode(id, StandardCharsets.UTF_8));
    if (!output.printed(terminal, GateClient.JSON.createObjectNode().put("removed", id))) {
      terminal.say("limit %s is gone".formatted(id));
    }
    return ExitCode.OK;
  }
}
