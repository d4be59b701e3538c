package dev.gatewright.cli.command.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.command.doctor.Finding.Status;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.command.installation.StoreOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gatewright doctor`
@Command(
    name = "doctor",
    description = {
      "Look at this installation and say what is wrong and what to do. Changes nothing.",
      "Exit code 1 when there is an error; warnings alone are 0."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private final StoreOptions installed = new StoreOptions();
  @Mixin private final OutputOptions output = new OutputOptions();
  private final Terminal terminal;
  private final Installation installation;

  @Option(
      names = "--network",
      description =
          "Also connect to the providers and services of the configuration; nothing is sent.")
  private boolean network;

  public DoctorCommand(Terminal terminal, Installation installation) {
    this.terminal = terminal;
    this.installation = installation;
  }

  @Override
  public Integer call() {
    List<Finding> findings = look();
    ObjectNode json = GateClient.JSON.createObjectNode();
    ArrayNode checks = json.putArray("checks");
    for (Finding finding : findings) {
      ObjectNode check = checks.addObject();
      check.put("id", finding.id());
      check.put("status", finding.status().word());
      check.put("message", finding.message());
      check.put("do", finding.remedy().isEmpty() ? null : finding.remedy());
    }
    if (!output.printed(terminal, json)) {
      findings.forEach(this::print);
    }
    boolean wrong = findings.stream().anyMatch(finding -> finding.status() == Status.ERROR);
    return wrong ? ExitCode.USAGE : ExitCode.OK;
  }

  private void print(Finding finding) {
    terminal.print(
        "%-8s %-15s %s"
            .formatted(
                finding.status().word().toUpperCase(Locale.ROOT), finding.id(), finding.message()));
    if (!finding.remedy().isEmpty()) {
      terminal.print(" ".repeat(25) + "→ " + finding.remedy());
    }
  }

  /// A configuration that cannot be read at all ends the look: nothing else would be of this
  /// installation.
  private List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    ConfigSources sources;
    Settings settings;
    StoreConfig store;
    try {
      sources = installed.sources(terminal);
      settings = sources.loadUnchecked();
      store = StoreConfig.from(settings);
    } catch (InvalidSetting unreadable) {
      findings.add(configuration(String.valueOf(unreadable.getMessage())));
      return findings;
    }
    try {
      installation.judge(sources);
      findings.add(
          Finding.ok(
              "config",
              sources.file() == null ? "No file, defaults only." : sources.file().toString()));
    } catch (InvalidSetting invalid) {
      findings.add(configuration(String.valueOf(invalid.getMessage())));
    }
    findings.add(FolderChecks.folder(store.dataFolder()));
    findings.add(FolderChecks.space(store));
    Finding masterKey = FolderChecks.masterKey(store, masterKeyGiven(settings));
    Finding reached = ReachChecks.store(store);
    boolean usable = reached.status() == Status.OK;
    findings.add(
        usable && masterKey.status() == Status.OK
            ? StoreChecks.masterKey(store, settings, masterKey)
            : masterKey);
    findings.add(reached);
    findings.addAll(StoreChecks.postgres(store, reached, Time.system()));
    findings.add(FolderChecks.backup(store, Time.system().instant()));
    findings.add(FolderChecks.configFile(sources.file()));
    Finding server = ReachChecks.server(store);
    findings.add(server);
    try {
      findings.add(MachineChecks.port(settings, server.status() == Status.OK));
      findings.add(ListenChecks.proxies(settings));
      findings.add(CertificateCheck.of(settings, Time.system().instant()));
      findings.add(ListenChecks.clear(settings));
      findings.add(ListenChecks.tunnel(settings));
      findings.add(ReachChecks.redis(settings));
      findings.add(
          MachineChecks.files(
              settings.section("limits").integer("connections", 10_000, 1, 1_000_000)));
    } catch (InvalidSetting _) {
      // By the configuration's own finding.
    }
    try {
      findings.addAll(ReachChecks.collectors(sources.environment()));
    } catch (IllegalArgumentException _) {
      // Likewise.
    }
    findings.add(MachineChecks.memory());
    findings.add(MachineChecks.cache());
    if (network) {
      findings.addAll(ReachChecks.providers(settings));
      findings.addAll(ReachChecks.services(settings));
    }
    return findings;
  }

  private static Finding configuration(String problem) {
    return Finding.error(
        "config", problem, "Correct it; gatewright config check FILE judges it again.");
  }

  private static boolean masterKeyGiven(Settings settings) {
    return !settings.text("master-key", "").isEmpty();
  }
}
