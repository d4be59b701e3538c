package dev.gatewright.testbed;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// The product in the test's own process: starts fast, and a buffer it loses fails the build.
final class LocalGate implements Gate {
  /// Calls still running when a test class ends are its own to have ended.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Gatewright running;
  private final Path data;

  private LocalGate(Gatewright running, Path data) {
    this.running = running;
    this.data = data;
  }

  static LocalGate start(GateSetup setup) throws IOException {
    return start(sources(setup), setup.data());
  }

  /// With a clock that the test sets.
  static LocalGate start(GateSetup setup, Time time) throws IOException {
    return start(sources(setup), setup.data(), time);
  }

  private static ConfigSources sources(GateSetup setup) {
    return ConfigSources.ofText(setup.config(), setup.environment());
  }

  /// With a configuration from anywhere; only its address and its data folder are ours.
  static LocalGate start(ConfigSources sources, Path data) throws IOException {
    return start(sources, data, Time.system());
  }

  private static LocalGate start(ConfigSources sources, Path data, Time time) throws IOException {
    MigratedFile.into(data);
    ConfigSources ours =
        sources
            .withFlag("listen.host", "127.0.0.1")
            .withFlag("listen.port", "0")
            .withFlag("data", data.toString());
    return new LocalGate(Gatewright.start(ours, time), data);
  }

  @Override
  public URI url() {
    return URI.create(running.url());
  }

  @Override
  public AdminClient admin() throws IOException {
    return AdminClient.of(data);
  }

  @Override
  public void close() {
    running.stop(GRACE);
  }
}
