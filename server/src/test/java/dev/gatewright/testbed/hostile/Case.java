package dev.gatewright.testbed.hostile;

/// One attack.
///
/// @param field where the hostile value goes
/// @param room bytes of the body
record Case(Operation operation, Kind kind, Who who, Operation.Field field, int room) {
  @Override
  public String toString() {
    return "%s %s by %s at %s, %d bytes"
        .formatted(operation.name(), kind, who, field.pointer(), room);
  }
}
