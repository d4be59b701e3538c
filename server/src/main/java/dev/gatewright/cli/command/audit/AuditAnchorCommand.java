package dev.gatewright.cli.command.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright audit anchor`
@Command(
    name = "anchor",
    description = {
      "Sign where the chain ends now, as a line of JSON.",
      "Keep it where who runs the database cannot write; `audit verify --anchors` reads it."
    })
final class AuditAnchorCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  private final Terminal terminal;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "A file to add the line to (default: standard output).")
  private @Nullable Path output;

  /// The answer is JSON in any case; the option is there because every command has it.
  @Option(names = "--json", description = "Print the result as JSON, as without.")
  private boolean json;

  AuditAnchorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode anchor = server.connect(terminal).get("/api/audit/anchor");
    Path to = output;
    if (to == null || json) {
      terminal.print(anchor.toString());
    }
    if (to != null) {
      try {
        Files.writeString(to, anchor + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException unwritable) {
        throw new CommandFailed(ExitCode.USAGE, "--output: %s cannot be written".formatted(to));
      }
      terminal.say("link %s is anchored in %s".formatted(Fields.text(anchor, "seq"), to));
    }
    return ExitCode.OK;
  }
}
