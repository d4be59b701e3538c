package dev.gatewright;

import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.secret.SealedKeyring;
import dev.gatewright.secret.UnusableMasterKey;
import dev.gatewright.store.DataFolder;
import dev.gatewright.store.SqliteConnections;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.telemetry.Logging;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What commands ask of the server's own code; first of all `gatewright serve`: a server that runs
/// until the process is told to stop.
final class Serve implements Installation {
  /// A start has two long parts that need nothing of each other: the command line and the
  /// configuration, and the store's driver. Whoever needs the driver waits for what is missing.
  static void ahead() {
    // Logging begins here and not on that thread: its settings must find it ready.
    Logger log = LoggerFactory.getLogger(Serve.class);
    Thread.ofPlatform()
        .name("ahead")
        .daemon()
        .start(() -> {
          try {
            SqliteConnections.load();
          } catch (RuntimeException | LinkageError e) {
            // The store will say it better, if it is this one.
            log.debug("the driver could not be loaded ahead", e);
          }
        });
  }

  @Override
  public void judge(ConfigSources sources) {
    ServerConfig.judge(sources);
  }

  @Override
  public String version() {
    return Version.text();
  }

  @Override
  public int serve(Map<String, String> flags, Terminal terminal) {
    try {
      ConfigSources sources = ConfigSources.find(flags, terminal.environment());
      Runtime.getRuntime().addShutdownHook(new Thread(start(sources, terminal), "stop"));
      new CountDownLatch(1).await();
      return ExitCode.OK;
    } catch (InvalidSetting wrong) {
      return failed(terminal, wrong, ExitCode.USAGE);
    } catch (DataFolder.Unusable | UnusableMasterKey | StoreFailed | UncheckedIOException failure) {
      return failed(terminal, failure, ExitCode.REFUSED);
    } catch (IOException failure) {
      return failed(terminal, failure, ExitCode.REFUSED);
    } catch (InterruptedException interrupted) {
      return ExitCode.INTERRUPTED;
    }
  }

  /// Starts a server, sealed where its keys cannot be opened.
  ///
  /// @return what stops it in order and ends the process
  private static Runnable start(ConfigSources sources, Terminal terminal) throws IOException {
    try {
      // The text may hold a key: it goes to standard output alone, never to a log.
      Gatewright gatewright =
          Gatewright.start(
              sources,
              Time.system(),
              text -> {
                terminal.out().print(text);
                terminal.out().flush();
              });
      return () -> stop(gatewright, terminal);
    } catch (SealedKeyring sealed) {
      String reason = String.valueOf(sealed.getMessage());
      SealedServer server = SealedServer.start(sources, Time.system(), reason);
      terminal.say(
          "gatewright: SEALED at %s: no call is served. %s".formatted(server.url(), reason));
      return () -> {
        server.close();
        ended();
      };
    }
  }

  private static int failed(Terminal terminal, Exception failure, int exitCode) {
    terminal.say("gatewright: " + failure.getMessage());
    return exitCode;
  }

  private static void stop(Gatewright gatewright, Terminal terminal) {
    StopConfig stopping = gatewright.stopping();
    if (stopping.delay().toMillis() > 0) {
      terminal.say(
          "Stopping: calls are served for another %d s.".formatted(stopping.delay().toSeconds()));
    } else if (gatewright.running() > 0) {
      terminal.say(
          "Stopping: %d running calls may finish within %d s."
              .formatted(gatewright.running(), stopping.grace().toSeconds()));
    }
    gatewright.stop();
    ended();
  }

  private static void ended() {
    Logging.finish();
    // Told to stop and stopped in order is success; the JVM by itself would report the signal.
    Runtime.getRuntime().halt(ExitCode.OK);
  }
}
