package dev.gatewright.room.provider;

/// What came of ending a room at its time.
public enum Ending {
  /// It is gone, or was gone already.
  DONE,
  /// People are in it and the room was not to eject them: nobody new gets in; ask again.
  OCCUPIED
}
