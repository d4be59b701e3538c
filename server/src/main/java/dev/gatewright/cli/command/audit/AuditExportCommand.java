package dev.gatewright.cli.command.audit;

import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright audit export`
@Command(
    name = "export",
    description = {
      "Write the chain as lines of JSON that anyone can check: `audit verify --file FILE`.",
      "Each export is an entry of the chain itself."
    })
final class AuditExportCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  private final Terminal terminal;

  @Option(names = "--from", paramLabel = "N", description = "The first link (default: 1).")
  private @Nullable Integer from;

  @Option(names = "--to", paramLabel = "N", description = "The last link (default: the chain's).")
  private @Nullable Integer to;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Written whole, or not at all (default: standard output).")
  private @Nullable Path output;

  /// The lines are JSON in any case; the option is there because every command has it.
  @Option(names = "--json", description = "Print lines of JSON, as without.")
  private boolean json;

  AuditExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    String path =
        "/api/audit/export?from=" + (from == null ? 1 : from) + (to == null ? "" : "&to=" + to);
    Path file = output;
    try {
      if (file == null || json) {
        client.download(path, new Printed(terminal.out()));
        terminal.out().flush();
      } else {
        write(client, path, file);
        terminal.say("written to %s".formatted(file));
      }
    } catch (IOException broken) {
      throw new CommandFailed(
          ExitCode.REFUSED, "The export broke off, nothing was kept: " + broken.getMessage());
    }
    return ExitCode.OK;
  }

  /// An export is ASCII.
  private static final class Printed extends OutputStream {
    private final PrintWriter out;

    Printed(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(int one) {
      out.write(one);
    }

    @Override
    public void write(byte[] bytes, int at, int length) {
      out.write(new String(bytes, at, length, StandardCharsets.US_ASCII));
    }
  }

  private static void write(GateClient client, String path, Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().resolveSibling(".");
    Path unfinished = Files.createTempFile(folder, ".audit-", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        client.download(path, out);
      }
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
