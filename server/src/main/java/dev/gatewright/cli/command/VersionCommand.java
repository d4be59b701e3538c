package dev.gatewright.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright version`
@Command(name = "version", description = "Print the version of this program.")
public final class VersionCommand implements Callable<Integer> {
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;
  private final String version;

  public VersionCommand(Terminal terminal, String version) {
    this.terminal = terminal;
    this.version = version;
  }

  @Override
  public Integer call() {
    ObjectNode json = GateClient.JSON.createObjectNode();
    json.put("version", version);
    json.put("java", Runtime.version().toString());
    if (!output.printed(terminal, json)) {
      terminal.print("gatewright " + version);
    }
    return ExitCode.OK;
  }
}
