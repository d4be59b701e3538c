package dev.gatewright.cli.command.key;

import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.client.Pages;
import dev.gatewright.cli.client.ServerOptions;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Fields;
import dev.gatewright.cli.output.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright export keys`
@Command(
    name = "keys",
    description = {
      "Write all keys, as codes that only a gate with the same master key can use.",
      "Keys of a watched file are not in it."
    })
public final class ExportKeysCommand implements Callable<Integer> {
  @Mixin private final ServerOptions server = new ServerOptions();
  private final Terminal terminal;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to, readable by you alone (default: standard output).")
  private @Nullable Path output;

  ExportKeysCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(name = "export", description = "Write down what this gate has.")
  static final class Group {
    private Group() {}
  }

  public static CommandLine with(Terminal terminal) {
    return new CommandLine(new Group()).addSubcommand(new ExportKeysCommand(terminal));
  }

  @Override
  public Integer call() {
    GateClient client = server.connect(terminal);
    StringJoiner keys = new StringJoiner(",\n");
    AtomicReference<String> pepper = new AtomicReference<>("");
    AtomicInteger count = new AtomicInteger();
    Pages.each(
        client::get,
        "/api/keys/export",
        page -> {
          pepper.set(Fields.text(page, "pepper_id"));
          page.path("data").forEach(key -> keys.add(key.toString()));
          count.addAndGet(page.path("data").size());
        });
    write(
        """
        {"format":"gatewright-keys","version":1,"pepper_id":"%s","keys":[
        %s
        ]}\
        """
            .formatted(pepper.get(), keys));
    terminal.say("%d keys; usable with the same master key only".formatted(count.get()));
    return ExitCode.OK;
  }

  private void write(String text) {
    Path to = output;
    if (to == null) {
      terminal.print(text);
      return;
    }
    try {
      // A temporary file is its owner's alone from the first byte.
      Path folder = to.toAbsolutePath().getParent();
      Path half = Files.createTempFile(folder, "keys", ".new");
      Files.writeString(half, text + "\n");
      Files.move(half, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw new CommandFailed(ExitCode.USAGE, "--output: %s cannot be written".formatted(to));
    }
  }
}
