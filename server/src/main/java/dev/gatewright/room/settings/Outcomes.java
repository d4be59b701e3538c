package dev.gatewright.room.settings;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Collects what became of each capability while a provider maps a room's settings. Everything
/// counts as applied until said otherwise. Not thread-safe.
public final class Outcomes {
  private final Map<Capability, Outcome> map = new EnumMap<>(Capability.class);

  public Outcomes() {
    for (Capability capability : Capability.values()) {
      map.put(capability, Outcome.APPLIED);
    }
  }

  public Outcomes approximated(Capability capability, String reason) {
    return set(capability, Outcome.approximated(reason));
  }

  public Outcomes unsupported(Capability capability, String reason) {
    return set(capability, Outcome.unsupported(reason));
  }

  /// For what a provider lacks: asked for, it is unsupported; not asked for, there is nothing to
  /// miss.
  public Outcomes unsupportedIf(boolean asked, Capability capability, String reason) {
    return asked ? unsupported(capability, reason) : this;
  }

  public Outcomes set(Capability capability, Outcome outcome) {
    map.put(capability, outcome);
    return this;
  }

  public Map<Capability, Outcome> toMap() {
    return Collections.unmodifiableMap(new EnumMap<>(map));
  }
}
