package dev.gatewright.cli.command;

import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.output.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gatewright serve`
@Command(
    name = "serve",
    description = "Start the server and run until it is told to stop (Ctrl-C, SIGTERM).")
public final class ServeCommand implements Callable<Integer> {
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

  public ServeCommand(Terminal terminal, Installation installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "listen.host", host);
    put(flags, "listen.port", port);
    put(flags, "data", data);
    put(flags, "config", config);
    put(flags, "planes", planes);
    put(flags, "serve.delay", delay);
    put(flags, "serve.grace", grace);
    return installation.serve(flags, terminal);
  }

  private static void put(Map<String, String> flags, String path, @Nullable String value) {
    if (value != null) {
      flags.put(path, value);
    }
  }
}
