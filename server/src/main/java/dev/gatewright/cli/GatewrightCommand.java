package dev.gatewright.cli;

import dev.gatewright.cli.command.ModelsCommand;
import dev.gatewright.cli.command.ServeCommand;
import dev.gatewright.cli.command.UsageCommand;
import dev.gatewright.cli.command.VersionCommand;
import dev.gatewright.cli.command.installation.BackupCommand;
import dev.gatewright.cli.command.installation.ConfigCommand;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.command.installation.MigrateCommand;
import dev.gatewright.cli.command.installation.RestoreCommand;
import dev.gatewright.cli.command.key.ExportKeysCommand;
import dev.gatewright.cli.command.key.ImportKeysCommand;
import dev.gatewright.cli.command.key.KeysCommand;
import dev.gatewright.cli.command.room.RoomsCommand;
import dev.gatewright.cli.command.service.ServicesCommand;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gatewright`: the command line. Results go to standard output, all else to standard error.
@Command(
    name = "gatewright",
    description = "One gate in front of every AI service a team uses.",
    synopsisSubcommandLabel = "COMMAND")
public final class GatewrightCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  private GatewrightCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Runs one command line.
  ///
  /// @param installation what needs the server's own code
  /// @return one of [ExitCode]
  public static int run(List<String> arguments, Terminal terminal, Installation installation) {
    CommandLine line =
        new CommandLine(new GatewrightCommand(terminal))
            .addSubcommand(new ServeCommand(terminal, installation))
            .addSubcommand("keys", KeysCommand.with(terminal))
            .addSubcommand("import", ImportKeysCommand.with(terminal))
            .addSubcommand("export", ExportKeysCommand.with(terminal))
            .addSubcommand("rooms", RoomsCommand.with(terminal))
            .addSubcommand("services", ServicesCommand.with(terminal))
            .addSubcommand(new UsageCommand(terminal))
            .addSubcommand(new ModelsCommand(terminal))
            .addSubcommand("config", ConfigCommand.with(terminal, installation))
            .addSubcommand(new MigrateCommand(terminal))
            .addSubcommand(new BackupCommand(terminal, installation))
            .addSubcommand(new RestoreCommand(terminal))
            .addSubcommand(new VersionCommand(terminal, installation.version()));
    prepare(line, terminal);
    return line.execute(arguments.toArray(String[]::new));
  }

  private static void prepare(CommandLine line, Terminal terminal) {
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setCaseInsensitiveEnumValuesAllowed(false);
    line.setParameterExceptionHandler((wrong, _) -> misunderstood(wrong, terminal.err()));
    line.setExecutionExceptionHandler((failure, _, _) -> failed(failure, terminal));
    everywhere(line);
  }

  /// `--help` on every command.
  private static void everywhere(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this and exit.")
                .build());
    line.getSubcommands().values().forEach(GatewrightCommand::everywhere);
  }

  private static int misunderstood(ParameterException wrong, PrintWriter err) {
    err.println(wrong.getMessage());
    wrong.getCommandLine().usage(err);
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failed(Exception failure, Terminal terminal) throws Exception {
    if (failure instanceof CommandFailed expected) {
      terminal.say(expected.sentence());
      return expected.exitCode();
    }
    if (failure instanceof Settings.InvalidSetting invalid) {
      terminal.say(String.valueOf(invalid.getMessage()));
      return ExitCode.USAGE;
    }
    throw failure;
  }

  /// No subcommand: a menu for a person, the usage for a script.
  @Override
  public Integer call() throws IOException {
    if (!terminal.interactive()) {
      spec.commandLine().usage(terminal.err());
      terminal.err().flush();
      return ExitCode.USAGE;
    }
    return new Menu(
            terminal, arguments -> spec.commandLine().execute(arguments.toArray(String[]::new)))
        .ask();
  }
}
