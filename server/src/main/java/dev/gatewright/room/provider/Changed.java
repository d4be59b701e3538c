package dev.gatewright.room.provider;

import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import java.util.Map;

/// A room after a change.
///
/// @param outcomes what the provider holds of each capability now, by its own answer where it gives
///   one
public record Changed(ProviderRoom room, Map<Capability, Outcome> outcomes) {}
