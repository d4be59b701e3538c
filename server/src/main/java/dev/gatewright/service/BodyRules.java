package dev.gatewright.service;

/// Which rule looks at the body of a call. Thread-safe.
@FunctionalInterface
public interface BodyRules {
  BodyRule of(Preset preset, ServiceEndpoint endpoint);
}
