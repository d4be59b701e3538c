package dev.gatewright.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.id.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Tells an organization's webhooks what happened. Costs one look at an index where it has none.
public final class Happenings {
  /// Longest `data`; what is longer is left out, and the event says so.
  static final int DATA_BYTES_MAX = 16 << 10;

  /// Deliveries of one webhook that wait; what happens beyond is not told to it.
  static final int WAITING_MAX = 5_000;

  private Happenings() {}

  /// Leaves it in the caller's transaction: it is told exactly if that commits.
  ///
  /// @param kind `family.act`, such as `budget.alert`; see [Kinds]
  /// @param objectId what it happened to, such as `key_…`
  /// @param data for the receiver; snake_case, money as decimal strings, no secret, no prompt
  public static void tell(
      Handle handle,
      String organizationId,
      String kind,
      String objectId,
      ObjectNode data,
      long nowMillis) {
    List<String> to = OutboxStore.wanting(handle, organizationId, kind, WAITING_MAX);
    if (!to.isEmpty()) {
      leave(handle, new Happening(organizationId, kind, objectId, data, nowMillis), to);
    }
  }

  record Happening(
      String organizationId, String kind, String objectId, ObjectNode data, long atMillis) {}

  /// @return the ids of the deliveries
  static List<String> leave(Handle handle, Happening what, List<String> webhookIds) {
    String eventId = Ids.uuid7("evt_", what.atMillis());
    OutboxStore.insertEvent(handle, what, eventId, body(what, eventId));
    return webhookIds.stream()
        .map(webhookId -> {
          String id = Ids.uuid7("dlv_", what.atMillis());
          OutboxStore.insertDelivery(
              handle, what, eventId, webhookId, id, what.atMillis() + Retries.LIFE_MILLIS);
          return id;
        })
        .toList();
  }

  /// As it is sent each time, to the byte: the signature is over it.
  private static String body(Happening what, String eventId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", eventId);
    body.put("type", what.kind());
    body.put("timestamp", Instant.ofEpochMilli(what.atMillis()).toString());
    body.put("organization_id", what.organizationId());
    body.put("object", what.objectId());
    boolean fits = what.data().toString().getBytes(StandardCharsets.UTF_8).length <= DATA_BYTES_MAX;
    if (!fits) {
      body.put("cut", true);
    }
    body.set("data", fits ? what.data() : JsonNodeFactory.instance.objectNode());
    return body.toString();
  }
}
