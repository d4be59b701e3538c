package dev.gatewright.relay;

import dev.gatewright.config.Settings;
import dev.gatewright.net.Cidr;
import java.util.ArrayList;
import java.util.List;

/// The relay's settings.
///
/// @param allow `network.allow`: address blocks opened for targets defined by API
/// @param upstreamConnections `upstream-connections`: open connections a provider at most, over all
///   event loops, idle ones included
public record RelayConfig(List<Cidr> allow, int upstreamConnections) {
  public RelayConfig {
    allow = List.copyOf(allow);
    if (upstreamConnections < 1) {
      throw new IllegalArgumentException(
          "upstream-connections: %d (expected: ≥ 1)".formatted(upstreamConnections));
    }
  }

  public static RelayConfig from(Settings settings) {
    Settings network = settings.section("network");
    List<Cidr> allow = new ArrayList<>();
    for (String text : network.texts("allow")) {
      try {
        allow.add(Cidr.parse(text));
      } catch (IllegalArgumentException e) {
        throw new Settings.InvalidSetting("network.allow: " + e.getMessage());
      }
    }
    return new RelayConfig(allow, settings.integer("upstream-connections", 1024, 1, 65_535));
  }
}
