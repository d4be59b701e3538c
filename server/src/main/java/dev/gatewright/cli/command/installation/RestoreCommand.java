package dev.gatewright.cli.command.installation;

import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.store.backup.BackupFailed;
import dev.gatewright.store.backup.Backups;
import dev.gatewright.store.backup.Manifest;
import dev.gatewright.store.backup.Restored;
import dev.gatewright.telemetry.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gatewright restore`
@Command(
    name = "restore",
    description = {
      "Put a backup into an empty data folder, or an empty PostgreSQL database.",
      "All of the file is checked first; a damaged or a newer one changes nothing."
    })
public final class RestoreCommand implements Callable<Integer> {
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "What `gatewright backup` wrote.")
  private Path file = Path.of("");

  @Option(
      names = "--replace",
      description =
          "Where something is there already, keep it aside: the folder as DATA.before-TIME, a"
              + " database as its schema before_TIME. No server may run on it.")
  private boolean replace;

  public RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (!Files.isReadable(file)) {
      throw new CommandFailed(ExitCode.NOT_FOUND, file + " cannot be read.");
    }
    Restored restored;
    try {
      restored =
          new Backups(store.store(terminal))
              .restore(file, replace ? Time.system().instant() : null);
    } catch (BackupFailed | StoreFailed | DataFolder.Unusable failure) {
      throw new CommandFailed(
          ExitCode.REFUSED, "%s was not restored: %s".formatted(file, failure.getMessage()));
    }
    Manifest manifest = restored.manifest();
    if (!output.printed(terminal, manifest.json().put("before", restored.before()))) {
      if (restored.before() != null) {
        terminal.print("What was there is kept: " + restored.before());
      }
      terminal.print(
          "Restored %s of %s, written by %s."
              .formatted(manifest.store(), manifest.createdAt(), manifest.version()));
      if (!manifest.sha256().containsKey(Backups.MASTER_KEY) && restored.before() == null) {
        terminal.say(
            "It holds no master key: put the former DATA/master.key back, or set"
                + " GATEWRIGHT_MASTER_KEY, before you start.");
      }
    }
    return ExitCode.OK;
  }
}
