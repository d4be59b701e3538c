package dev.gatewright.service;

/// Which rule looks at the body of a call. Thread-safe.
@FunctionalInterface
public interface BodyRules {
  /// Bodies pass unseen, whatever the endpoint.
  BodyRules PLAIN = (_, _) -> PassingBody::look;

  BodyRule of(Preset preset, ServiceEndpoint endpoint);
}
