package dev.gatewright.room.provider.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.wire.RoomJson;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client of Janus, as far as the door of a room.
public final class JanusJoin {
  private JanusJoin() {}

  /// Opens a session with the session token, joins with the room token, and brings the plugin's
  /// word.
  ///
  /// @param roomToken null = without one
  public static JsonNode join(
      JanusServer janus, String room, String sessionToken, @Nullable String roomToken)
      throws IOException, InterruptedException {
    String session = janus.url() + "/" + id(post(janus.url(), message("create", sessionToken)));
    ObjectNode attach = message("attach", sessionToken).put("plugin", "janus.plugin.videoroom");
    String handle = session + "/" + id(post(session, attach));
    ObjectNode body =
        RoomJson.object()
            .put("request", "join")
            .put("ptype", "publisher")
            .put("room", room)
            .put("display", "Ada");
    if (roomToken != null) {
      body.put("token", roomToken);
    }
    ObjectNode join = message("message", sessionToken);
    join.set("body", body);
    post(handle, join);
    while (true) {
      // Long poll: an event, or `keepalive` after 30 s.
      JsonNode event =
          Objects.requireNonNull(
              RoomJson.parse(
                  JanusServer.get(
                      session
                          + "?maxev=1&token="
                          + java.net.URLEncoder.encode(
                              sessionToken, java.nio.charset.StandardCharsets.UTF_8))));
      JsonNode first = event.isArray() ? event.path(0) : event;
      if (first.path("janus").asText().equals("event")) {
        return first.path("plugindata").path("data");
      }
    }
  }

  /// True when `token` opens a session and attaches to the plugin.
  public static boolean opensSession(JanusServer janus, String token)
      throws IOException, InterruptedException {
    JsonNode session = post(janus.url(), message("create", token));
    if (!session.path("janus").asText().equals("success")) {
      return false;
    }
    ObjectNode attach = message("attach", token).put("plugin", "janus.plugin.videoroom");
    return post(janus.url() + "/" + id(session), attach).path("janus").asText().equals("success");
  }

  /// Makes a room past the gate.
  public static void createDirectly(JanusServer janus, String room)
      throws IOException, InterruptedException {
    ObjectNode body = RoomJson.object().put("janus", "message_plugin").put("transaction", "t");
    body.put("admin_secret", JanusServer.ADMIN_SECRET).put("plugin", "janus.plugin.videoroom");
    body.putObject("request")
        .put("request", "create")
        .put("room", room)
        .put("admin_key", JanusServer.ADMIN_KEY);
    body.withObjectProperty("request").put("secret", "theirs");
    post(janus.adminUrl(), body);
  }

  /// What Janus's list says of a room; empty when it does not have it.
  public static JsonNode listed(JanusServer janus, String room)
      throws IOException, InterruptedException {
    ObjectNode body = RoomJson.object().put("janus", "message_plugin").put("transaction", "t");
    body.put("admin_secret", JanusServer.ADMIN_SECRET).put("plugin", "janus.plugin.videoroom");
    body.putObject("request").put("request", "list").put("admin_key", JanusServer.ADMIN_KEY);
    for (JsonNode each : post(janus.adminUrl(), body).path("response").path("list")) {
      if (each.path("room").asText().equals(room)) {
        return each;
      }
    }
    return RoomJson.object();
  }

  private static ObjectNode message(String kind, String token) {
    return RoomJson.object().put("janus", kind).put("transaction", "t").put("token", token);
  }

  private static JsonNode post(String url, ObjectNode body)
      throws IOException, InterruptedException {
    return Objects.requireNonNull(RoomJson.parse(JanusServer.post(url, RoomJson.text(body))));
  }

  private static String id(JsonNode answer) {
    if (!answer.path("data").path("id").isIntegralNumber()) {
      throw new AssertionError("Janus refused: " + answer);
    }
    return answer.path("data").path("id").asText();
  }
}
