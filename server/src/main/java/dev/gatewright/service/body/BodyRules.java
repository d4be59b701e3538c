package dev.gatewright.service.body;

import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.ServiceEndpoint;

/// Which rule looks at the body of a call. Thread-safe.
@FunctionalInterface
public interface BodyRules {
  BodyRule of(Preset preset, ServiceEndpoint endpoint);
}
