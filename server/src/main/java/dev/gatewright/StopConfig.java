package dev.gatewright;

import dev.gatewright.config.Settings;
import java.time.Duration;

/// `serve`: how a server goes when the process is told to stop.
///
/// @param delay `/health` says `draining`, calls are still served: the time in which front proxies
///   notice; 0 s to one hour
/// @param grace running calls may go on for so long; 0 s to one day
record StopConfig(Duration delay, Duration grace) {
  private static final Duration DELAY_MAX = Duration.ofHours(1);
  private static final Duration GRACE_MAX = Duration.ofDays(1);

  static StopConfig from(Settings settings) {
    Settings serve = settings.section("serve");
    return new StopConfig(
        bounded("serve.delay", serve.duration("delay", Duration.ZERO), DELAY_MAX, "1h"),
        bounded("serve.grace", serve.duration("grace", Duration.ofSeconds(30)), GRACE_MAX, "24h"));
  }

  private static Duration bounded(String path, Duration value, Duration max, String maxText) {
    if (value.isNegative() || value.compareTo(max) > 0) {
      throw new Settings.InvalidSetting(
          "%s: %d s (expected: 0s to %s)".formatted(path, value.toSeconds(), maxText));
    }
    return value;
  }
}
