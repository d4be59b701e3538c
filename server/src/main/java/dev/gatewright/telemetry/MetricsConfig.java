package dev.gatewright.telemetry;

/// Where metrics are served: a listener of its own, so that they are never reachable from where
/// callers are.
///
/// @param port 0 = any free one
/// @param required false = the address is only a default; when it is taken, the server goes on
///   without metrics and says so
public record MetricsConfig(String host, int port, boolean required) {
  public static final String HOST_DEFAULT = "127.0.0.1";
  public static final int PORT_DEFAULT = 9464;

  public MetricsConfig {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("metrics port: %d (expected: 0…65535)".formatted(port));
    }
  }
}
