package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.wire.RoomJson;

/// The body of Daily's `POST /meeting-tokens`.
public final class DailyToken {
  private static final int USER_ID_CHARACTERS_MAX = 36;

  private DailyToken() {}

  static ObjectNode body(TokenSpec spec) {
    ObjectNode body = RoomJson.object();
    ObjectNode properties = body.putObject("properties");
    // Without a room name the token would open every room of the domain.
    properties
        .put("room_name", spec.room().name())
        .put("exp", spec.expiresMillis() / 1000)
        .put("is_owner", spec.role() == Role.OWNER)
        .put("user_name", spec.user());
    if (spec.user().length() <= USER_ID_CHARACTERS_MAX) {
      properties.put("user_id", spec.user());
    }
    switch (spec.role()) {
      case OWNER -> {
        if (spec.settings().capabilities().transcription()) {
          properties.put("auto_start_transcription", true);
        }
      }
      case SPEAKER -> {
        // In a room where only owners broadcast, a speaker is somebody allowed to all the same.
        if (spec.settings().interaction().broadcastMode()) {
          properties
              .putObject("permissions")
              .set("canSend", DailyMapping.sendable(spec.settings()));
        }
      }
      case VIEWER -> properties.putObject("permissions").put("canSend", false);
    }
    return body;
  }
}
