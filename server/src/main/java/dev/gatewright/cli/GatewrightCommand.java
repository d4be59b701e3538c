package dev.gatewright.cli;

import dev.gatewright.cli.command.ServeCommand;
import dev.gatewright.cli.command.UsageCommand;
import dev.gatewright.cli.command.VersionCommand;
import dev.gatewright.cli.command.audit.AuditCommand;
import dev.gatewright.cli.command.billing.CreditsCommand;
import dev.gatewright.cli.command.billing.LedgerCommand;
import dev.gatewright.cli.command.budget.BudgetsCommand;
import dev.gatewright.cli.command.credential.CredentialsCommand;
import dev.gatewright.cli.command.doctor.DoctorCommand;
import dev.gatewright.cli.command.identity.LoginCodeCommand;
import dev.gatewright.cli.command.identity.SetupCommand;
import dev.gatewright.cli.command.identity.SetupLinkCommand;
import dev.gatewright.cli.command.installation.BackupCommand;
import dev.gatewright.cli.command.installation.ConfigCommand;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.command.installation.MigrateCommand;
import dev.gatewright.cli.command.installation.RestoreCommand;
import dev.gatewright.cli.command.key.ExportKeysCommand;
import dev.gatewright.cli.command.key.ImportKeysCommand;
import dev.gatewright.cli.command.key.KeysCommand;
import dev.gatewright.cli.command.limit.LimitsCommand;
import dev.gatewright.cli.command.login.LoginCommand;
import dev.gatewright.cli.command.login.LogoutCommand;
import dev.gatewright.cli.command.login.WhoAmICommand;
import dev.gatewright.cli.command.model.ModelsCommand;
import dev.gatewright.cli.command.passkey.PasskeysCommand;
import dev.gatewright.cli.command.policy.PolicyCommand;
import dev.gatewright.cli.command.price.PricesCommand;
import dev.gatewright.cli.command.provider.ProvidersCommand;
import dev.gatewright.cli.command.room.RoomsCommand;
import dev.gatewright.cli.command.secret.SecretsCommand;
import dev.gatewright.cli.command.service.ServicesCommand;
import dev.gatewright.cli.command.tenant.ImportTenantsCommand;
import dev.gatewright.cli.command.tenant.OrgCommand;
import dev.gatewright.cli.command.tenant.TeamCommand;
import dev.gatewright.cli.command.webhook.WebhooksCommand;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    Map<String, String> server = ServeCommand.plain(arguments);
    if (server != null) {
      return installation.serve(server, terminal);
    }
    CommandLine line = new CommandLine(new GatewrightCommand(terminal));
    Map<String, Supplier<Object>> commands = commands(terminal, installation);
    Supplier<Object> asked = arguments.isEmpty() ? null : commands.get(arguments.getFirst());
    if (asked == null) {
      commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
    } else {
      // Reading the annotations of all of them would take a third of a server's start.
      line.addSubcommand(arguments.getFirst(), asked.get());
    }
    prepare(line, terminal);
    return line.execute(arguments.toArray(String[]::new));
  }

  /// By name, in the order in which help shows them.
  private static Map<String, Supplier<Object>> commands(
      Terminal terminal, Installation installation) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", () -> new ServeCommand(terminal, installation));
    commands.put("setup", () -> new SetupCommand(terminal));
    commands.put("setup-link", () -> new SetupLinkCommand(terminal));
    commands.put("login-code", () -> new LoginCodeCommand(terminal));
    commands.put("login", () -> new LoginCommand(terminal));
    commands.put("whoami", () -> new WhoAmICommand(terminal));
    commands.put("logout", () -> new LogoutCommand(terminal));
    commands.put("passkeys", () -> PasskeysCommand.with(terminal));
    commands.put("keys", () -> KeysCommand.with(terminal));
    commands.put("credentials", () -> CredentialsCommand.with(terminal));
    commands.put(
        "import",
        () -> ImportKeysCommand.with(terminal).addSubcommand(new ImportTenantsCommand(terminal)));
    commands.put("providers", () -> ProvidersCommand.with(terminal));
    commands.put("webhooks", () -> WebhooksCommand.with(terminal));
    commands.put("export", () -> ExportKeysCommand.with(terminal));
    commands.put("policy", () -> PolicyCommand.with(terminal));
    commands.put("limits", () -> LimitsCommand.with(terminal));
    commands.put("audit", () -> AuditCommand.with(terminal));
    commands.put("budgets", () -> BudgetsCommand.with(terminal));
    commands.put("credits", () -> CreditsCommand.with(terminal));
    commands.put("ledger", () -> LedgerCommand.with(terminal));
    commands.put("org", () -> OrgCommand.with(terminal));
    commands.put("team", () -> TeamCommand.with(terminal));
    commands.put("rooms", () -> RoomsCommand.with(terminal));
    commands.put("services", () -> ServicesCommand.with(terminal));
    commands.put("prices", () -> PricesCommand.with(terminal));
    commands.put("usage", () -> new UsageCommand(terminal));
    commands.put("models", () -> ModelsCommand.with(terminal));
    commands.put("secrets", () -> SecretsCommand.with(terminal));
    commands.put("config", () -> ConfigCommand.with(terminal, installation));
    commands.put("doctor", () -> new DoctorCommand(terminal, installation));
    commands.put("migrate", () -> new MigrateCommand(terminal));
    commands.put("backup", () -> new BackupCommand(terminal, installation));
    commands.put("restore", () -> new RestoreCommand(terminal));
    commands.put("version", () -> new VersionCommand(terminal, installation.version()));
    return commands;
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
