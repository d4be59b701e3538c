package dev.gatewright.llm.simulator;

import org.jspecify.annotations.Nullable;

/// Server-sent events, their data on one line.
final class Sse {
  private Sse() {}

  /// @param name the event's name; null = none
  static JsonOut event(@Nullable String name, JsonOut data) {
    return begin(name).raw(data.toString()).raw("\n\n");
  }

  /// Up to where the data begins.
  static JsonOut begin(@Nullable String name) {
    return new JsonOut().raw(name == null ? "data: " : "event: " + name + "\ndata: ");
  }
}
