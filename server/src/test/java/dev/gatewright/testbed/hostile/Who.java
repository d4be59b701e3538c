package dev.gatewright.testbed.hostile;

/// Who sends it.
enum Who {
  /// No gateway key; a provider's credential where rooms take one.
  NOBODY,
  TEST,
  LIVE,
  ADMIN
}
