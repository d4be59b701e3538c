package dev.gatewright.room.api;

import dev.gatewright.room.life.Rooms;
import io.javalin.config.RoutesConfig;

/// Adds the routes of both surfaces.
public final class RoomMountApi {
  private final RoomCallApi calls;
  private final Rooms rooms;

  public RoomMountApi(RoomCallApi calls, Rooms rooms) {
    this.calls = calls;
    this.rooms = rooms;
  }

  public void routes(RoutesConfig routes) {
    new LegacyRoomApi(calls, rooms).routes(routes);
    new RoomApi(calls, rooms).routes(routes);
  }
}
