package dev.gatewright.otlp;

import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.trace.Sampler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is sent to which collector.
///
/// @param traces where spans go; null = none are recorded
/// @param metrics where metrics go; null = nowhere
/// @param resource what says of both who sends them, `service.name` among it
public record OtlpConfig(
    @Nullable Way traces,
    Batches batches,
    Sampler sampler,
    @Nullable Way metrics,
    Duration interval,
    Map<String, String> resource) {
  public OtlpConfig {
    resource = Map.copyOf(resource);
  }

  /// How one signal is sent.
  ///
  /// @param endpoint complete, path included
  /// @param headers by name; values never appear in any text
  /// @param certificate PEM whom to believe in place of the JDK's; null = those
  /// @param clientKey PEM, PKCS#8, with its certificate in the next; null = none is shown
  public record Way(
      URI endpoint,
      Map<String, Secret> headers,
      Duration timeout,
      boolean gzip,
      @Nullable Path certificate,
      @Nullable Path clientKey,
      @Nullable Path clientCertificate) {
    public Way {
      headers = Map.copyOf(headers);
    }
  }

  /// How spans are gathered.
  ///
  /// @param spansMax that wait; what comes beyond is dropped
  /// @param size sent at once, at most
  /// @param delay between two batches, at most
  public record Batches(int spansMax, int size, Duration delay) {}

  /// Of an environment that says nothing of it.
  static final OtlpConfig NOTHING =
      new OtlpConfig(
          null,
          new Batches(1, 1, Duration.ofSeconds(5)),
          Sampler.DEFAULT,
          null,
          Duration.ofMinutes(1),
          Map.of());

  /// Nothing is sent.
  public boolean none() {
    return traces == null && metrics == null;
  }
}
