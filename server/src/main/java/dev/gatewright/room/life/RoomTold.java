package dev.gatewright.room.life;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.store.change.EventLogStore;
import dev.gatewright.webhook.Happenings;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Tells who reads along what became of a room, in the transaction that writes it down.
final class RoomTold {
  private static final String TYPE = "room";

  private RoomTold() {}

  /// @param action `create`, `edit`, `end` or `delete`
  static void tell(Handle handle, RoomRow row, String action, long nowMillis) {
    EventLogStore.append(
        handle,
        row.tenant().organizationId(),
        TYPE,
        List.of(
            new EventLogStore.Entry(row.id(), action, row.tenant().projectId(), null, nowMillis)));
    Happenings.tell(
        handle,
        row.tenant().organizationId(),
        TYPE + "." + action,
        row.id(),
        JsonNodeFactory.instance.objectNode().put("project_id", row.tenant().projectId()),
        nowMillis);
  }
}
