package dev.gatewright.cli.command;

import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gatewright serve`
@Command(
    name = "serve",
    description = "Start the server and run until it is told to stop (Ctrl-C, SIGTERM).")
public final class ServeCommand implements Callable<Integer> {
  /// Which setting each option is.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "--host", "listen.host",
          "--port", "listen.port",
          "--data", "data",
          "--config", "config",
          "--planes", "planes",
          "--profile", "profile",
          "--delay", "serve.delay",
          "--grace", "serve.grace",
          "--migrate", "serve.migrate");

  private final Terminal terminal;
  private final Installation installation;

  @Option(names = "--host", description = "Address to listen on (default: 127.0.0.1).")
  private @Nullable String host;

  @Option(names = "--port", description = "Port to listen on; 0 = any (default: 8080).")
  private @Nullable String port;

  @Option(names = "--data", paramLabel = "FOLDER", description = "Default: ~/.gatewright.")
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Default: ./gatewright.yaml, then FOLDER/gatewright.yaml, if there.")
  private @Nullable String config;

  @Option(names = "--planes", description = "data, portal or both (default: both).")
  private @Nullable String planes;

  @Option(
      names = "--profile",
      description =
          "standard, or small for a machine of 256 MB: sets defaults of limits, and the memory of"
              + " Java when the launcher or the image starts it (default: standard).")
  private @Nullable String profile;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description =
          "Once told to stop, say so in /health but serve calls for so long (default: 0s).")
  private @Nullable String delay;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "After that, running calls may finish within this time (default: 30s).")
  private @Nullable String grace;

  @Option(
      names = "--migrate",
      paramLabel = "auto|check",
      description = {
        "auto: bring the store's tables up to date before anything else.",
        "check: end with exit code 5 where they are not; `gatewright migrate` does it (default:"
            + " auto)."
      })
  private @Nullable String migrate;

  public ServeCommand(Terminal terminal, Installation installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  /// Reads `serve --port 0 …` without picocli, which is a quarter of a start's work (its classes
  /// are of Java 5, and the start-up cache takes none so old).
  ///
  /// @return settings by path; null where a word is anything but a known option with its value,
  ///   once: picocli knows what to say
  public static @Nullable Map<String, String> plain(List<String> arguments) {
    if (arguments.isEmpty() || !arguments.getFirst().equals("serve")) {
      return null;
    }
    Map<String, String> flags = new LinkedHashMap<>();
    Iterator<String> words = arguments.listIterator(1);
    while (words.hasNext()) {
      String word = words.next();
      int equals = word.indexOf('=');
      String setting = SETTINGS.get(equals < 0 ? word : word.substring(0, equals));
      String value = equals >= 0 ? word.substring(equals + 1) : words.hasNext() ? words.next() : "";
      boolean simple = !value.isEmpty() && "-@\"'$".indexOf(value.charAt(0)) < 0;
      if (setting == null || !simple || flags.put(setting, value) != null) {
        return null;
      }
    }
    return flags;
  }

  @Override
  public Integer call() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "--host", host);
    put(flags, "--port", port);
    put(flags, "--data", data);
    put(flags, "--config", config);
    put(flags, "--planes", planes);
    put(flags, "--profile", profile);
    put(flags, "--delay", delay);
    put(flags, "--grace", grace);
    put(flags, "--migrate", migrate);
    return installation.serve(flags, terminal);
  }

  private static void put(Map<String, String> flags, String option, @Nullable String value) {
    if (value != null) {
      flags.put(Objects.requireNonNull(SETTINGS.get(option)), value);
    }
  }
}
