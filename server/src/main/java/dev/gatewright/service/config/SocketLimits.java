package dev.gatewright.service.config;

import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import java.time.Duration;

/// What the WebSockets of a service may take. Each has a place at an instance for as long as it is
/// open, like any call.
///
/// @param openMax open or waiting at once, so that sockets leave places to calls
/// @param idle how long nothing may pass in either direction
public record SocketLimits(int openMax, Duration idle) {
  public static final SocketLimits DEFAULT = new SocketLimits(256, Duration.ofMinutes(10));

  private static final int OPEN_MAX_MAX = 100_000;
  private static final Duration IDLE_MAX = Duration.ofHours(24);

  /// Reads the mapping `sockets` of a service.
  ///
  /// @throws InvalidSetting when it does not fit
  static SocketLimits from(Settings sockets) {
    Duration idle = sockets.duration("idle", DEFAULT.idle);
    if (!idle.isPositive() || idle.compareTo(IDLE_MAX) > 0) {
      throw new InvalidSetting(
          "%s.idle: %s (expected: > 0s and ≤ 24h)".formatted(sockets.path(), idle));
    }
    return new SocketLimits(sockets.integer("max", DEFAULT.openMax, 0, OPEN_MAX_MAX), idle);
  }
}
