package dev.gatewright.cli.command;

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
  private final ServerStart server;

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

  public ServeCommand(Terminal terminal, ServerStart server) {
    this.terminal = terminal;
    this.server = server;
  }

  @Override
  public Integer call() {
    Map<String, String> flags = new LinkedHashMap<>();
    put(flags, "listen.host", host);
    put(flags, "listen.port", port);
    put(flags, "data", data);
    put(flags, "config", config);
    put(flags, "planes", planes);
    return server.serve(flags, terminal);
  }

  private static void put(Map<String, String> flags, String path, @Nullable String value) {
    if (value != null) {
      flags.put(path, value);
    }
  }
}
