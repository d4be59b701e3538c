package dev.gatewright.service.preset;

/// What a caller needs for a method and path of a backend.
public enum Access {
  /// On no list: it does not exist for callers (404).
  NONE,
  /// Ordinary calls, by the policy's `services` rules.
  USE,
  /// Calls that change the backend itself, for keys made with `--manage` (else 403).
  MANAGE
}
