package dev.gatewright.room.provider;

import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.RoomSettings;
import java.util.Map;

/// A room before a change.
///
/// @param outcomes what the provider held of each capability
public record RoomWas(RoomSettings settings, Map<Capability, Outcome> outcomes) {
  public RoomWas {
    outcomes = Map.copyOf(outcomes);
  }
}
