package dev.gatewright.room;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// A room's settings in a provider's own words, and what became of each capability.
///
/// @param payload what the provider is sent, less credentials and secrets of ours
public record RoomPlan(RoomSpec spec, ObjectNode payload, Map<Capability, Outcome> outcomes) {}
