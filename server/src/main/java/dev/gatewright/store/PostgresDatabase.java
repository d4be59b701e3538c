package dev.gatewright.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// PostgreSQL, with connections of their own for each lane. By itself it is the portal's.
public final class PostgresDatabase implements Database {
  private static final int LOOK_UP_CONNECTIONS_MAX = 3;

  private final PostgresAddress address;
  private final Map<Lane, PostgresLane> lanes = new EnumMap<>(Lane.class);

  private PostgresDatabase(PostgresAddress address) {
    this.address = address;
  }

  static PostgresDatabase open(PostgresAddress address, int connectionsMax) {
    PostgresDatabase database = new PostgresDatabase(address);
    try {
      database.add(Lane.LOG, new PostgresLane.Limits(1, 10, 10));
      // Without time limits: a change of a large table takes what it takes.
      Migrations.run(address.unhurried(), Kind.POSTGRES);
      int lookUps = Math.clamp((connectionsMax - 1) / 2, 1, LOOK_UP_CONNECTIONS_MAX);
      database.add(Lane.LOOK_UPS, new PostgresLane.Limits(lookUps, 5, 5));
      int portal = connectionsMax - 1 - lookUps;
      database.add(Lane.PORTAL, new PostgresLane.Limits(portal, 10, 15));
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void add(Lane lane, PostgresLane.Limits limits) {
    lanes.put(lane, PostgresLane.open(this, address, lane, limits));
  }

  @Override
  public PostgresLane on(Lane lane) {
    PostgresLane found = lanes.get(lane);
    if (found == null) {
      throw new StoreFailed("the store is not open");
    }
    return found;
  }

  @Override
  public <T> T read(Work<T> work) {
    return on(Lane.PORTAL).read(work);
  }

  @Override
  public <T> T write(Work<T> work) {
    return on(Lane.PORTAL).write(work);
  }

  @Override
  public <T> CompletableFuture<T> readLater(Work<T> work) {
    return on(Lane.PORTAL).readLater(work);
  }

  @Override
  public <T> CompletableFuture<T> writeLater(Work<T> work) {
    return on(Lane.PORTAL).writeLater(work);
  }

  /// A connection outside the lanes, for waiting on notifications; the caller closes it.
  public Connection ownConnection() throws SQLException {
    return address.unhurried().getConnection();
  }

  @Override
  public Map<Lane, LaneUse> use() {
    Map<Lane, LaneUse> use = new EnumMap<>(Lane.class);
    lanes.forEach((lane, connections) -> use.put(lane, connections.laneUse()));
    return use;
  }

  @Override
  public Kind kind() {
    return Kind.POSTGRES;
  }

  @Override
  public void close() {
    lanes.values().forEach(PostgresLane::shut);
  }
}
