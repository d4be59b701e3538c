package dev.gatewright.cli.command.installation;

import dev.gatewright.cli.command.Durations;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.Units;
import dev.gatewright.store.backup.BackupFailed;
import dev.gatewright.store.backup.BackupSeries;
import dev.gatewright.store.backup.Backups;
import dev.gatewright.store.backup.Manifest;
import dev.gatewright.telemetry.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
  private static final int KEEP_DEFAULT = 7;

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

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = {
        "Go on until stopped: a copy now, and another one each time so long has passed.",
        "FILE then names them all: gate.backup becomes gate-20261128T031500Z.backup."
      })
  private @Nullable String every;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "With --every: remove all but the newest N of them (default: 7).")
  private @Nullable Integer keep;

  public BackupCommand(Terminal terminal, Installation installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Time time = Time.system();
    if (every == null) {
      if (keep != null) {
        throw new CommandFailed(
            ExitCode.USAGE, "--keep needs --every: one copy replaces its file.");
      }
      try {
        show(file, write(file, time));
      } catch (BackupFailed failure) {
        throw new CommandFailed(ExitCode.REFUSED, "No backup was made: " + failure.getMessage());
      }
      return ExitCode.OK;
    }
    Duration pause = Units.duration(Durations.checked("--every", every));
    if (pause == null || pause.toMillis() < 1) {
      throw new CommandFailed(
          ExitCode.USAGE, "--every: %s (expected: more than 0)".formatted(every));
    }
    int most = keep == null ? KEEP_DEFAULT : keep;
    if (most < 1) {
      throw new CommandFailed(ExitCode.USAGE, "--keep: %d (expected: 1 or more)".formatted(most));
    }
    return rounds(new BackupSeries(file, most), pause, time);
  }

  /// One that fails is said, and the next one is due as ever: a full disk may have room tomorrow.
  private int rounds(BackupSeries series, Duration pause, Time time) {
    long due = time.nanos();
    while (true) {
      Path next = series.at(time.instant());
      try {
        show(next, write(next, time));
        series.prune().forEach(old -> terminal.say("Removed %s.".formatted(old)));
      } catch (BackupFailed failure) {
        terminal.say(
            "No backup was made: %s The next try is in %s.".formatted(failure.getMessage(), every));
      }
      due += pause.toNanos();
      try {
        Thread.sleep(Duration.ofNanos(Math.max(0, due - time.nanos())));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return ExitCode.INTERRUPTED;
      }
    }
  }

  private Manifest write(Path target, Time time) {
    return new Backups(store.store(terminal))
        .write(target, withMasterKey, installation.version(), time.instant());
  }

  private void show(Path target, Manifest manifest) {
    if (output.printed(terminal, manifest.json())) {
      return;
    }
    terminal.print(
        "Wrote %s: %s, %d files, schema %s."
            .formatted(target, manifest.store(), manifest.sha256().size(), manifest.schema()));
    if (!manifest.sha256().containsKey(Backups.MASTER_KEY)) {
      terminal.say(
          "The master key is not in it: keep DATA/master.key or GATEWRIGHT_MASTER_KEY elsewhere.");
    }
  }
}
