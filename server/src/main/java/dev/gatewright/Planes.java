package dev.gatewright;

/// Which planes one process serves.
enum Planes {
  DATA,
  PORTAL,
  BOTH;

  boolean data() {
    return this != PORTAL;
  }

  boolean portal() {
    return this != DATA;
  }
}
