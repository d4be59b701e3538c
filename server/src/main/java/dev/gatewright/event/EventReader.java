package dev.gatewright.event;

import dev.gatewright.store.Database;
import dev.gatewright.store.change.EventLogStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Reads what happened between two positions, in pieces of bounded size. Blocks; thread-safe.
final class EventReader {
  /// Audit entries that a stream may have missed; who missed more reads everything anew.
  static final long MISSED_ENTRIES_MAX = 1_000;

  private static final int ENTRIES_MAX = 200;

  private final Database database;

  /// @param database by its lane for look-ups
  EventReader(Database database) {
    this.database = database;
  }

  /// Takes what happened, piece by piece.
  @FunctionalInterface
  interface Taker<E extends Exception> {
    void take(List<Event> events) throws E;
  }

  Map<String, Position> ends(Collection<String> organizationIds) {
    return database.read(handle -> EventStore.ends(handle, organizationIds));
  }

  Position end(String organizationId) {
    return ends(List.of(organizationId)).getOrDefault(organizationId, Position.of(0, 0));
  }

  /// Whether what came after `from` is still there to be read, up to `end`.
  static boolean reachable(Position from, Position end) {
    return !end.exceededBy(from)
        && end.auditSeq() - from.auditSeq() <= MISSED_ENTRIES_MAX
        && end.log() - from.log() < EventLogStore.KEPT_ENTRIES;
  }

  <E extends Exception> void between(
      String organizationId, Position from, Position to, Taker<E> taker) throws E {
    for (long seq = from.auditSeq(); seq < to.auditSeq(); ) {
      long after = seq;
      List<Event> events =
          database.read(handle ->
              EventStore.audited(handle, organizationId, after, to.auditSeq(), ENTRIES_MAX));
      if (events.isEmpty()) {
        break;
      }
      taker.take(events);
      seq = events.getLast().place() / 2;
    }
    for (long seq = from.log(); seq < to.log(); ) {
      long after = seq;
      List<Event> events =
          database.read(handle -> EventStore.logged(handle, organizationId, after, to.log()));
      if (events.isEmpty()) {
        break;
      }
      taker.take(events);
      seq = events.getLast().place();
    }
  }
}
