package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.command.Durations;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.NewKeyOutput;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright keys rotate`
@Command(
    name = "rotate",
    description = "Give a key a new secret and print it; the old one works until the grace ends.")
final class KeysRotateCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final NewKeyOutput output = new NewKeyOutput();
  @Mixin private final KeyId id = new KeyId();
  private final Terminal terminal;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "24h",
      description = "How long the old secret goes on working; 0s = not at all (default: 24h).")
  private String grace = "24h";

  KeysRotateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path() + "/rotate";
    ObjectNode body = GateClient.JSON.createObjectNode();
    body.put("grace", Durations.checked("--grace", grace));
    output.print(terminal, server.connect(terminal).post(path, body));
    return ExitCode.OK;
  }
}
