package dev.gatewright.room.life;

import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.store.RoomStore;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets one call at a time, on whatever replica, read a room, have its provider change it, and
/// write what came of it. Who comes meanwhile waits, and reads after it. Thread-safe.
final class RoomTurns {
  /// Longer than the calls of one change take together; after it a crashed replica's room is free.
  static final long TURN_MILLIS_MAX = 150_000;

  private static final long WAIT_MILLIS_MAX = 20_000;
  private static final int LOOK_MILLIS_MIN = 10;
  private static final int LOOK_MILLIS_MAX = 60;
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Database database;
  private final Time time;

  RoomTurns(Database database, Time time) {
    this.database = database;
    this.time = time;
  }

  /// @param work gets the room as it is once it is ours
  /// @throws RoomRefused 404 when there is no such room, 409 when it stays taken
  <T> T take(RoomVisit visit, String name, Function<RoomRow, T> work) {
    RoomRow taken = wait(visit, name);
    try {
      return work.apply(taken);
    } finally {
      giveBack(taken);
    }
  }

  private RoomRow wait(RoomVisit visit, String name) {
    long deadline = time.nanos() + WAIT_MILLIS_MAX * 1_000_000;
    while (true) {
      Optional<RoomRow> row = database.read(handle -> RoomStore.find(handle, visit.shelf(), name));
      RoomRow taken = take(row.orElseThrow(() -> visit.notFound(name)));
      if (taken != null) {
        return taken;
      }
      if (time.nanos() - deadline > 0 || !rested()) {
        throw new RoomRefused(
            RoomProblem.of(
                    409,
                    "invalid_request_error",
                    "room_busy",
                    "%s: another call is changing this room (expected: one at a time)"
                        .formatted(name))
                .from(visit.providerId())
                .retryAfter(RETRY_AFTER_SECONDS));
      }
    }
  }

  /// The room if nobody has it, now taken; null when somebody has.
  @Nullable RoomRow take(RoomRow row) {
    long now = time.millis();
    return database
        .write(handle -> RoomStore.take(handle, row, now, now + TURN_MILLIS_MAX))
        .orElse(null);
  }

  void giveBack(RoomRow taken) {
    database.write(handle -> {
      RoomStore.giveBack(handle, taken);
      return true;
    });
  }

  private static boolean rested() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(LOOK_MILLIS_MIN, LOOK_MILLIS_MAX));
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
