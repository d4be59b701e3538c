package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.SchemaCheck;
import dev.gatewright.room.StubServer;
import dev.gatewright.room.wire.RoomJson;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Daily's REST interface with rooms in memory. Refuses what Daily's schema does not know.
public final class DailyStub extends StubServer {
  public static final String KEY = "daily_canary_4f9b2c7e1a";

  private static final SchemaCheck SCHEMA = SchemaCheck.of("daily.json");
  public final Map<String, ObjectNode> rooms = new ConcurrentSkipListMap<>();

  public DailyStub() throws IOException {}

  @Override
  protected Answer answer(Seen call) {
    if (!call.authorization().equals("Bearer " + KEY)) {
      return error(401, "authentication-error", "the key " + call.authorization() + " is unknown");
    }
    String path = call.path().split("\\?", 2)[0];
    JsonNode sent = RoomJson.parse(call.body());
    JsonNode body = sent == null ? RoomJson.object() : sent;
    if (path.equals("/v1/rooms")) {
      return call.method().equals("POST") ? create(body) : list();
    }
    if (path.equals("/v1/meeting-tokens")) {
      List<String> faults = SCHEMA.faults("token", body);
      return faults.isEmpty()
          ? Answer.of(200, "{\"token\":\"eyJ.token.of-daily\"}")
          : error(400, "invalid-request-error", faults.toString());
    }
    String name = URLDecoder.decode(path.substring("/v1/rooms/".length()), StandardCharsets.UTF_8);
    ObjectNode room = rooms.get(name);
    if (room == null) {
      return error(404, "not-found", "room " + name + " not found");
    }
    return switch (call.method()) {
      case "GET" -> Answer.of(200, RoomJson.text(room));
      case "DELETE" -> {
        rooms.remove(name);
        yield Answer.of(200, "{\"deleted\":true,\"name\":\"" + name + "\"}");
      }
      default -> update(room, body);
    };
  }

  private Answer create(JsonNode body) {
    List<String> faults = SCHEMA.faults("create", body);
    if (!faults.isEmpty()) {
      return error(400, "invalid-request-error", faults.toString());
    }
    String name = body.path("name").asText("Qm4kPz8rTn2sWvX6yB1c");
    if (rooms.containsKey(name)) {
      return error(400, "invalid-request-error", "a room named " + name + " already exists");
    }
    ObjectNode room = RoomJson.object();
    room.put("id", "5e3cf703-5547-47d6-a371-37b1f0b4427f")
        .put("name", name)
        .put("api_created", true)
        .put("privacy", body.path("privacy").asText("public"))
        .put("url", "https://acme.daily.co/" + name)
        .put("created_at", "2026-11-21T09:00:00.000Z");
    room.set("config", body.path("properties").deepCopy());
    rooms.put(name, room);
    return Answer.of(200, RoomJson.text(room));
  }

  private static Answer update(ObjectNode room, JsonNode body) {
    List<String> faults = SCHEMA.withNulls().faults("create", body);
    if (!faults.isEmpty()) {
      return error(400, "invalid-request-error", faults.toString());
    }
    room.put("privacy", body.path("privacy").asText());
    ObjectNode config = (ObjectNode) room.get("config");
    config.setAll((ObjectNode) body.get("properties"));
    config.properties().removeIf(field -> field.getValue().isNull());
    return Answer.of(200, RoomJson.text(room));
  }

  private Answer list() {
    ObjectNode list = RoomJson.object().put("total_count", rooms.size());
    ArrayNode data = list.putArray("data");
    rooms.values().forEach(data::add);
    return Answer.of(200, RoomJson.text(list));
  }

  public static Answer error(int status, String error, String info) {
    return Answer.of(
        status, RoomJson.text(RoomJson.object().put("error", error).put("info", info)));
  }
}
