package dev.gatewright.cli.command.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright providers remove`
@Command(name = "remove", description = "Forget a provider of the organization's own.")
final class ProvidersRemoveCommand implements Callable<Integer> {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,30}");

  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "As `providers list` shows it.")
  private String id = "";

  ProvidersRemoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    requireId(id);
    server.connect(terminal).call("DELETE", "/api/providers/" + id, null, Map.of());
    ObjectNode gone = GateClient.JSON.createObjectNode().put("id", id).put("removed", true);
    if (!output.printed(terminal, gone)) {
      terminal.print(id + "  removed");
    }
    return ExitCode.OK;
  }

  /// It is about to stand in a path.
  static void requireId(String id) {
    if (!ID.matcher(id).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s (expected: a provider's id, as `providers list` shows it)".formatted(id));
    }
  }
}
