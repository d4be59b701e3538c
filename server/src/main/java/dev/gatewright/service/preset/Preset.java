package dev.gatewright.service.preset;

import dev.gatewright.relay.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gate knows of a kind of backend. Immutable; all of them are in [Presets].
///
/// @param id as the configuration names it
/// @param endpoints what may be reached; empty for `http`, whose list is the configuration's
/// @param load null = it does not say which models are loaded
/// @param phases deadlines of a call unless the configuration says otherwise
/// @param uploadBytesMax the longest request body unless the configuration says otherwise
public record Preset(
    String id,
    PathMode path,
    List<ServiceEndpoint> endpoints,
    Probe probe,
    @Nullable LoadSignal load,
    StreamKind stream,
    Timeouts phases,
    long uploadBytesMax) {
  public Preset {
    endpoints = List.copyOf(endpoints);
  }
}
