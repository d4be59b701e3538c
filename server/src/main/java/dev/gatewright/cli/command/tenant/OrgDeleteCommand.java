package dev.gatewright.cli.command.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.LocalServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright org delete`
@Command(
    name = "delete",
    description = {
      "Delete an organization. Its keys are dead within a second.",
      "For 7 days `org restore` undoes it; then what it had is removed."
    })
final class OrgDeleteCommand implements Callable<Integer> {
  @Mixin private final LocalServerOptions server = new LocalServerOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final OrgId id = new OrgId();
  private final Terminal terminal;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  OrgDeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String path = id.path();
    if (!yes && !agreed()) {
      throw new CommandFailed(ExitCode.USAGE, "Nothing was deleted (expected: y, or --yes).");
    }
    JsonNode going = server.connect(terminal).delete(path);
    if (!output.printed(terminal, going)) {
      terminal.print(
          "%s  %s  restorable until %s"
              .formatted(
                  Fields.text(going, "id"),
                  Fields.text(going, "state"),
                  Fields.text(going, "restorable_until")));
    }
    return ExitCode.OK;
  }

  private boolean agreed() {
    if (!terminal.interactive()) {
      return false;
    }
    terminal.say("Delete %s? Its keys are dead at once. [y/N]".formatted(id.text()));
    try {
      String answer = terminal.in().readLine();
      return answer != null && answer.strip().equals("y");
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
