package dev.gatewright.policy;

import java.util.List;

/// One rule of a layer: an effect, a type, and the values it names.
///
/// Rules of the same type and effect are a union; once a type has an allow rule, all else of that
/// type is denied; deny wins. A type that does not apply to a call is skipped.
public record Rule(Effect effect, Type type, List<String> values) {
  public Rule {
    values = List.copyOf(values);
  }

  public enum Effect {
    ALLOW,
    DENY
  }

  /// What the values name.
  public enum Type {
    /// Model names, asked or `provider/model`; a final `*` matches any rest.
    MODELS,
    /// Provider ids.
    PROVIDERS,
    /// Service ids.
    SERVICES,
    /// Room provider ids.
    ROOMS,
    /// CIDR ranges of callers' addresses.
    IP
  }
}
