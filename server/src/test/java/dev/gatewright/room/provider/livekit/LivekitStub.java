package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.SchemaCheck;
import dev.gatewright.room.StubServer;
import dev.gatewright.room.wire.RoomJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// LiveKit's RoomService with rooms in memory. Refuses fields its protocol does not have, and
/// answers with the room that is there, unchanged, when a name is taken, as LiveKit 1.11 does
/// (older ones changed it).
public final class LivekitStub extends StubServer {
  public static final String KEY = "APIcanary8d2f";
  public static final String SECRET = "livekit_canary_secret_6c1e9a4b7d3f";

  private static final SchemaCheck SCHEMA = SchemaCheck.of("livekit.json");
  private static final AtomicInteger SIDS = new AtomicInteger();
  public final Map<String, ObjectNode> rooms = new ConcurrentSkipListMap<>();

  public LivekitStub() throws IOException {}

  /// For `X-Provider-Auth`.
  public String credential() {
    String json =
        "{\"url\":\"%s\",\"api_key\":\"%s\",\"api_secret\":\"%s\"}".formatted(url(), KEY, SECRET);
    return "Bearer "
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  protected Answer answer(Seen call) {
    JsonNode claims = claims(call.authorization());
    if (claims == null) {
      return error(401, "unauthenticated", "invalid token: " + call.authorization());
    }
    String method = call.path().substring("/twirp/livekit.RoomService/".length());
    JsonNode body = Objects.requireNonNull(RoomJson.parse(call.body()));
    List<String> faults = SCHEMA.faults(method, body);
    if (!faults.isEmpty()) {
      return error(400, "invalid_argument", faults.toString());
    }
    JsonNode grants = claims.path("video");
    return switch (method) {
      case "CreateRoom" ->
          grants.path("roomCreate").asBoolean()
              ? Answer.of(200, RoomJson.text(create(body)))
              : error(403, "permission_denied", "permissions denied");
      case "ListRooms" -> Answer.of(200, RoomJson.text(list(body)));
      case "UpdateRoomMetadata" -> metadata(body, grants);
      default ->
          rooms.remove(body.path("room").asText()) == null
              ? error(404, "not_found", "requested room does not exist")
              : Answer.of(200, "{}");
    };
  }

  private Answer metadata(JsonNode body, JsonNode grants) {
    String name = body.path("room").asText();
    if (!grants.path("roomAdmin").asBoolean() || !grants.path("room").asText().equals(name)) {
      return error(403, "permission_denied", "permissions denied");
    }
    ObjectNode room = rooms.get(name);
    return room == null
        ? error(404, "not_found", "requested room does not exist")
        : Answer.of(200, RoomJson.text(room.set("metadata", body.get("metadata"))));
  }

  private ObjectNode create(JsonNode body) {
    String name = body.path("name").asText();
    return rooms.computeIfAbsent(name, _ -> made(name, body));
  }

  /// A room as CreateRoom makes it.
  public static ObjectNode made(String name, JsonNode body) {
    ObjectNode room =
        RoomJson.object()
            .put("sid", "RM_" + SIDS.incrementAndGet())
            .put("name", name)
            .put("creation_time", "1800000000")
            .put("num_participants", 0)
            .put("num_publishers", 0)
            .put("max_participants", 0);
    room.setAll((ObjectNode) body);
    return room;
  }

  private ObjectNode list(JsonNode body) {
    ObjectNode list = RoomJson.object();
    ArrayNode found = list.putArray("rooms");
    rooms.forEach((name, room) -> {
      if (body.path("names").isEmpty()
          || body.path("names").valueStream().anyMatch(each -> each.asText().equals(name))) {
        found.add(room);
      }
    });
    return list;
  }

  private static @Nullable JsonNode claims(String authorization) {
    String[] parts = authorization.replace("Bearer ", "").split("\\.");
    if (parts.length != 3 || !sign(parts[0] + "." + parts[1]).equals(parts[2])) {
      return null;
    }
    JsonNode claims =
        RoomJson.parse(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    return claims != null && claims.path("iss").asText().equals(KEY) ? claims : null;
  }

  private static String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Answer error(int status, String code, String message) {
    return Answer.of(
        status, RoomJson.text(RoomJson.object().put("code", code).put("msg", message)));
  }
}
