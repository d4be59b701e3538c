package dev.gatewright.room.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import java.util.Map;

/// A room's settings in a provider's own words, and what became of each capability.
///
/// @param payload what the provider is sent, less credentials and secrets of ours
public record RoomPlan(RoomSpec spec, ObjectNode payload, Map<Capability, Outcome> outcomes) {}
