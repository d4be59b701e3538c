package dev.gatewright.platform.doctor;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.platform.doctor.Finding.Status;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.telemetry.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Looks at an installation and says what is wrong and what to do. Changes nothing.
public final class Doctor {
  private final Consumer<ConfigSources> judge;
  private final Function<StoreConfig, Finding> server;
  private final Time time;

  /// @param judge throws [InvalidSetting] for a configuration that no start takes
  /// @param server whether a server of the installation answers
  public Doctor(Consumer<ConfigSources> judge, Function<StoreConfig, Finding> server, Time time) {
    this.judge = judge;
    this.server = server;
    this.time = time;
  }

  /// A configuration that cannot be read at all ends the look: nothing else would be of this
  /// installation. Blocks, on files, sockets and the store's driver: for threads of the platform.
  ///
  /// @param network also connect to the providers and services of the configuration
  public List<Finding> look(ConfigSources sources, boolean network) {
    List<Finding> findings = new ArrayList<>();
    Settings settings;
    StoreConfig store;
    try {
      settings = sources.loadUnchecked();
      store = StoreConfig.from(settings);
    } catch (InvalidSetting unreadable) {
      findings.add(configuration(unreadable));
      return findings;
    }
    try {
      judge.accept(sources);
      findings.add(
          Finding.ok(
              "config",
              sources.file() == null ? "No file, defaults only." : sources.file().toString()));
    } catch (InvalidSetting invalid) {
      findings.add(configuration(invalid));
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
    findings.addAll(StoreChecks.postgres(store, reached, time));
    findings.add(FolderChecks.backup(store, time.instant()));
    findings.add(FolderChecks.configFile(sources.file()));
    Finding answering = server.apply(store);
    findings.add(answering);
    findings.addAll(listening(settings, answering.status() == Status.OK));
    try {
      findings.addAll(ReachChecks.collectors(sources.environment()));
    } catch (IllegalArgumentException _) {
      // By the configuration's own finding.
    }
    findings.add(MachineChecks.memory());
    findings.add(MachineChecks.cache());
    if (network) {
      findings.addAll(NetworkChecks.of(settings));
    }
    return findings;
  }

  /// How callers come in, and what it takes of this machine.
  private List<Finding> listening(Settings settings, boolean running) {
    List<Finding> findings = new ArrayList<>();
    try {
      findings.add(MachineChecks.port(settings, running));
      findings.add(ListenChecks.proxies(settings));
      findings.add(CertificateCheck.of(settings, time.instant()));
      findings.add(ListenChecks.clear(settings));
      findings.add(ListenChecks.tunnel(settings));
      findings.add(ReachChecks.redis(settings));
      findings.add(
          MachineChecks.files(
              settings.section("limits").integer("connections", 10_000, 1, 1_000_000)));
    } catch (InvalidSetting _) {
      // By the configuration's own finding.
    }
    return findings;
  }

  /// What stops the look before it begins.
  public static Finding configuration(InvalidSetting problem) {
    return Finding.error(
        "config",
        String.valueOf(problem.getMessage()),
        "Correct it; gatewright config check FILE judges it again.");
  }

  private static boolean masterKeyGiven(Settings settings) {
    return !settings.text("master-key", "").isEmpty();
  }
}
