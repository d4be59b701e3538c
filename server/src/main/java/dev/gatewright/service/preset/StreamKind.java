package dev.gatewright.service.preset;

/// How a preset's backends stream, when they do. What an answer really is, its content type says.
public enum StreamKind {
  /// Whole answers only.
  NONE,
  /// A JSON object a line.
  NDJSON,
  /// Server-sent events.
  SSE,
  /// Sound, as it is made.
  AUDIO
}
