package dev.gatewright.cli.command.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.client.GateClient;
import dev.gatewright.cli.command.installation.Installation;
import dev.gatewright.cli.command.installation.StoreOptions;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.cli.output.OutputOptions;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.platform.doctor.Doctor;
import dev.gatewright.platform.doctor.Finding;
import dev.gatewright.platform.doctor.Finding.Status;
import dev.gatewright.telemetry.Time;
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

  private List<Finding> look() {
    try {
      Doctor doctor = new Doctor(installation::judge, RunningServer::look, Time.system());
      return doctor.look(installed.sources(terminal), network);
    } catch (InvalidSetting unreadable) {
      return List.of(Doctor.configuration(unreadable));
    }
  }
}
