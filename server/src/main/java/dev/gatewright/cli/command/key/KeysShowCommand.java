package dev.gatewright.cli.command.key;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gatewright keys show`
@Command(name = "show", description = "Show a key's record, without its secret.")
final class KeysShowCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final KeyId id = new KeyId();
  private final Terminal terminal;

  KeysShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path();
    JsonNode key = server.connect(terminal).get(path);
    if (!output.printed(terminal, key)) {
      Fields.print(terminal, key);
    }
    return ExitCode.OK;
  }
}
