package dev.gatewright.cli.command.installation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gatewright config …`
@Command(name = "config", description = "Look at a configuration without starting anything.")
public final class ConfigCommand {
  private ConfigCommand() {}

  public static CommandLine with(Terminal terminal, Installation installation) {
    return new CommandLine(new ConfigCommand()).addSubcommand(new Check(terminal, installation));
  }

  /// `gatewright config check`
  @Command(
      name = "check",
      description = {
        "Judge a configuration file by the very code a start and a reload run, in this environment.",
        "Exit code 0: a server would take it; 1: it would not, and why is said."
      })
  static final class Check implements Callable<Integer> {
    @Mixin private final OutputOptions output = new OutputOptions();
    private final Terminal terminal;
    private final Installation installation;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "Default: the file `serve` would take.")
    private @Nullable String file;

    Check(Terminal terminal, Installation installation) {
      this.terminal = terminal;
      this.installation = installation;
    }

    @Override
    public Integer call() {
      String name = file == null ? "the configuration" : file;
      String problem = null;
      try {
        ConfigSources sources =
            ConfigSources.find(
                file == null ? Map.of() : Map.of("config", file), terminal.environment());
        name = sources.file() == null ? "no file, defaults only" : sources.file().toString();
        installation.judge(sources);
      } catch (InvalidSetting invalid) {
        problem = invalid.getMessage();
      }
      ObjectNode json = GateClient.JSON.createObjectNode();
      json.put("ok", problem == null);
      json.put("file", name);
      json.put("problem", problem);
      if (!output.printed(terminal, json)) {
        if (problem == null) {
          terminal.print(name + ": good");
        } else {
          terminal.say("gatewright: " + problem);
        }
      }
      return problem == null ? ExitCode.OK : ExitCode.USAGE;
    }
  }
}
