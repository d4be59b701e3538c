package dev.gatewright.room.provider;

/// Which room at a provider is meant.
///
/// @param id our own id of it, `room_…`; empty for a room made elsewhere
public record RoomRef(String name, String id) {
  public static RoomRef elsewhere(String name) {
    return new RoomRef(name, "");
  }
}
