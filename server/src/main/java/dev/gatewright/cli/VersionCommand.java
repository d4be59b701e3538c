package dev.gatewright.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright version`
@Command(name = "version", description = "Print the version of this program.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;
  private final String version;

  VersionCommand(Terminal terminal, String version) {
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
