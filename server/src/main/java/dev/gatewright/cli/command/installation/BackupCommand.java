package dev.gatewright.cli.command.installation;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.store.backup.BackupFailed;
import dev.gatewright.store.backup.Backups;
import dev.gatewright.store.backup.Manifest;
import dev.gatewright.telemetry.Time;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright backup`
@Command(
    name = "backup",
    description = {
      "Write one file, a tar with a manifest, that `gatewright restore` can put back.",
      "The server may run: the copy is of one moment. The file is readable by you alone."
    })
public final class BackupCommand implements Callable<Integer> {
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;
  private final Installation installation;

  @Parameters(paramLabel = "FILE", description = "Written whole, or not at all.")
  private Path file = Path.of("");

  @Option(
      names = "--include-master-key",
      description =
          "Put DATA/master.key in as well: the file then opens everything. Without it, keep that"
              + " key elsewhere; nothing can be read without it.")
  private boolean withMasterKey;

  public BackupCommand(Terminal terminal, Installation installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Manifest manifest;
    try {
      manifest =
          new Backups(store.store(terminal))
              .write(
                  file,
                  withMasterKey,
                  installation.version(),
                  Instant.ofEpochMilli(Time.system().millis()));
    } catch (BackupFailed failure) {
      throw new CommandFailed(ExitCode.REFUSED, "No backup was made: " + failure.getMessage());
    }
    if (!output.printed(terminal, manifest.json())) {
      terminal.print(
          "Wrote %s: %s, %d files, schema %s."
              .formatted(file, manifest.store(), manifest.sha256().size(), manifest.schema()));
      if (!manifest.sha256().containsKey(Backups.MASTER_KEY)) {
        terminal.say(
            "The master key is not in it: keep DATA/master.key or GATEWRIGHT_MASTER_KEY elsewhere.");
      }
    }
    return ExitCode.OK;
  }
}
