package dev.gatewright.room.provider.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Carries one request to the videoroom plugin and brings its answer: by the admin API in a single
/// call where that is known, else through a session of the session API. Thread-safe.
public final class JanusChannel {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ProviderHttp http;
  private final Time time;

  JanusChannel(ProviderHttp http, Time time) {
    this.http = http;
    this.time = time;
  }

  /// The plugin's answer; its refusals are thrown.
  JsonNode request(Account account, ObjectNode request) {
    Secret adminUrl = account.find("admin_url");
    JsonNode answer =
        adminUrl != null ? byAdmin(account, adminUrl, request) : bySession(account, request);
    if (answer.has("error_code")) {
      throw JanusErrors.ofPlugin(account, answer);
    }
    return answer;
  }

  private JsonNode byAdmin(Account account, Secret adminUrl, ObjectNode request) {
    ObjectNode body = message("message_plugin");
    put(body, "admin_secret", account.find("admin_secret"));
    body.put("plugin", JanusFacts.PLUGIN).set("request", request);
    return plugin(account, post(account, adminUrl, "", body).path("response"));
  }

  private JsonNode bySession(Account account, ObjectNode request) {
    Secret url = account.need("url");
    String session = "/" + id(account, post(account, url, "", authorized(account, "create")));
    try {
      ObjectNode attach = authorized(account, "attach").put("plugin", JanusFacts.PLUGIN);
      String handle = session + "/" + id(account, post(account, url, session, attach));
      ObjectNode message = authorized(account, "message");
      message.set("body", request);
      JsonNode answer = post(account, url, handle, message);
      return plugin(account, answer.path("plugindata").path("data"));
    } finally {
      closeQuietly(account, url, session);
    }
  }

  /// Janus drops an idle session after a minute, so a close that fails costs nothing worth an
  /// error.
  private void closeQuietly(Account account, Secret url, String session) {
    try {
      post(account, url, session, authorized(account, "destroy"));
    } catch (RoomRefused _) {
      // The answer to the request itself, or its error, is what the caller needs.
      return;
    }
  }

  private ObjectNode authorized(Account account, String kind) {
    ObjectNode body = message(kind);
    Secret apiSecret = account.find("api_secret");
    put(body, "apisecret", apiSecret);
    if (apiSecret == null && account.find("token_secret") != null) {
      put(body, "token", JanusTokens.session(account, time.millis() + 60_000));
    }
    return body;
  }

  private static ObjectNode message(String kind) {
    byte[] transaction = new byte[8];
    RANDOM.nextBytes(transaction);
    return RoomJson.object()
        .put("janus", kind)
        .put("transaction", HexFormat.of().formatHex(transaction));
  }

  private static void put(ObjectNode body, String field, @Nullable Secret value) {
    if (value != null) {
      body.put(field, value.expose());
    }
  }

  private JsonNode post(Account account, Secret url, String path, ObjectNode body) {
    ProviderAddress address = JanusRooms.address(url);
    ProviderHttp.Reply reply =
        http.send(
            new ProviderHttp.Call(
                JanusFacts.ID,
                address.origin(),
                "POST",
                address.target(path),
                null,
                RoomJson.text(body)));
    JsonNode answer = RoomJson.parse(reply.body());
    if (reply.status() != 200) {
      throw JanusErrors.ofHttp(account, reply);
    }
    if (answer == null || !answer.path("janus").isTextual()) {
      throw ProviderErrors.malformed(account, reply.status());
    }
    if (answer.path("janus").textValue().equals("error")) {
      throw JanusErrors.ofCore(account, answer.path("error"));
    }
    return answer;
  }

  private static String id(Account account, JsonNode answer) {
    JsonNode id = answer.path("data").path("id");
    if (!id.isIntegralNumber()) {
      throw ProviderErrors.malformed(account, 200);
    }
    return id.asText();
  }

  private static JsonNode plugin(Account account, JsonNode answer) {
    if (!answer.path("videoroom").isTextual()) {
      throw ProviderErrors.malformed(account, 200);
    }
    return answer;
  }
}
