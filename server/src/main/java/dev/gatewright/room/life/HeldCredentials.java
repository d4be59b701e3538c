package dev.gatewright.room.life;

import dev.gatewright.room.provider.Account;
import dev.gatewright.room.store.RoomRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Credentials of requests, held in memory to end the one room each of them made, and for nothing
/// else. Bounded; never written; gone with the process. Thread-safe.
public final class HeldCredentials {
  static final int HELD_MAX = 10_000;

  /// Seven days.
  static final long SECONDS_MAX = 604_800;

  /// @param dueMillis wall clock
  record Held(RoomRow row, Account account, long dueMillis) {
    @Override
    public String toString() {
      return "Held[" + row.id() + "]";
    }
  }

  private final Map<String, Held> byRoom = new ConcurrentHashMap<>();

  boolean full() {
    return byRoom.size() >= HELD_MAX;
  }

  int size() {
    return byRoom.size();
  }

  void hold(RoomRow row, Account account, long dueMillis) {
    byRoom.put(row.id(), new Held(row, account, dueMillis));
  }

  void forget(String roomId) {
    byRoom.remove(roomId);
  }

  /// Takes out what is due; whoever takes it puts it back if it is not done.
  List<Held> takeDue(long nowMillis) {
    List<Held> due = new ArrayList<>();
    for (Held held : List.copyOf(byRoom.values())) {
      if (held.dueMillis() <= nowMillis && byRoom.remove(held.row().id(), held)) {
        due.add(held);
      }
    }
    return due;
  }
}
