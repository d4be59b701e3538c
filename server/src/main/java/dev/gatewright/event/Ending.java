package dev.gatewright.event;

import java.util.Locale;

/// Why the gate ends a stream, as its last event says it.
enum Ending {
  /// Signed out, disabled, or its time is over.
  SESSION_ENDED,
  /// What the person may see is not what it was when the stream began: another begins with what it
  /// is now.
  ACCESS_CHANGED,
  /// The same session has opened another.
  REPLACED,
  SHUTTING_DOWN,
  /// The store is away.
  UNAVAILABLE;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
