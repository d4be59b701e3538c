package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// LiveKit's access tokens: JWTs signed with the API secret (HS256). One form opens the server's
/// own interface, the other lets a person into a room.
public final class LivekitToken {
  /// A call's own token lives as long as a call may take, with room for clocks that differ.
  private static final long CALL_SECONDS = 120;

  private static final long CLOCK_SLACK_SECONDS = 10;

  private LivekitToken() {}

  /// For calls of our own.
  ///
  /// @param room the room that is changed, empty when none is
  static Secret forCall(Account account, long nowMillis, String room) {
    ObjectNode claims = claims(account, nowMillis, nowMillis + CALL_SECONDS * 1000);
    ObjectNode grant = claims.putObject("video").put("roomCreate", true).put("roomList", true);
    if (!room.isEmpty()) {
      grant.put("roomAdmin", true).put("room", room);
    }
    return sign(account, claims);
  }

  static Secret forJoin(Account account, TokenSpec spec) {
    ObjectNode claims = claims(account, spec.nowMillis(), spec.expiresMillis());
    claims.put("sub", spec.user()).put("name", spec.user());
    ObjectNode grant = claims.putObject("video");
    RoomSettings settings = spec.settings();
    grant.put("roomJoin", true).put("room", spec.room().name());
    if (spec.role() == Role.OWNER) {
      grant.put("roomAdmin", true);
    }
    ArrayNode sources = sources(settings);
    // An empty list would mean every source, so nothing to send is said by canPublish.
    boolean publishes = spec.role() != Role.VIEWER && !sources.isEmpty();
    grant.put("canPublish", publishes).put("canSubscribe", true);
    grant.put("canPublishData", settings.capabilities().chat() || spec.role() == Role.OWNER);
    if (publishes && sources.size() < 4) {
      grant.set("canPublishSources", sources);
    }
    if (spec.made() != null) {
      // A room that LiveKit makes anew because somebody joins it is the same room to us: with its
      // limits, and with the mark by which it is known and ended.
      claims.set("roomConfig", config(spec, spec.made()));
    }
    return sign(account, claims);
  }

  private static ObjectNode config(TokenSpec spec, TokenSpec.Made made) {
    RoomSettings settings = spec.settings();
    ObjectNode config =
        RoomJson.object()
            .put("emptyTimeout", LivekitMapping.IDLE_SECONDS)
            .put("departureTimeout", LivekitMapping.IDLE_SECONDS)
            .put("metadata", LivekitMapping.metadata(made.id(), made.profile(), settings));
    if (settings.access().maxParticipants() != null) {
      config.put("maxParticipants", settings.access().maxParticipants());
    }
    return config;
  }

  private static ArrayNode sources(RoomSettings settings) {
    ArrayNode sources = RoomJson.object().arrayNode();
    if (settings.media().video()) {
      sources.add("camera");
    }
    if (settings.media().audio()) {
      sources.add("microphone");
    }
    if (settings.screenshareAllowed()) {
      List.of("screen_share", "screen_share_audio").forEach(sources::add);
    }
    return sources;
  }

  private static ObjectNode claims(Account account, long nowMillis, long expiresMillis) {
    return RoomJson.object()
        .put("iss", account.need("api_key").expose())
        .put("nbf", nowMillis / 1000 - CLOCK_SLACK_SECONDS)
        .put("iat", nowMillis / 1000)
        .put("exp", expiresMillis / 1000);
  }

  private static Secret sign(Account account, ObjectNode claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header =
        base64.encodeToString(
            "{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));
    String signed =
        header
            + "."
            + base64.encodeToString(RoomJson.text(claims).getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              account.need("api_secret").expose().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
      return Secret.of(signed + "." + base64.encodeToString(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no HmacSHA256.", e);
    }
  }
}
