package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.life.RoomNames;
import dev.gatewright.room.life.RoomRequest;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.util.List;

/// Reads the bodies of `/v1/rooms`: what is unknown or wrong is 422, with a JSON pointer.
public final class RoomBody {
  private static final int TTL_SECONDS = 3_600;
  private static final int TTL_SECONDS_MAX = 604_800;
  private static final int USER_CHARACTERS_MAX = 128;

  private RoomBody() {}

  static RoomRequest create(ObjectNode body) {
    RoomApi.known(body, List.of("name", "profile", "overrides", "strict"));
    JsonNode name = body.path("name");
    if (!absent(name) && !(name.isTextual() && RoomNames.mayChoose(name.textValue()))) {
      throw wrong("/name", "not a room's name", RoomNames.EXPECTED);
    }
    JsonNode profile = body.path("profile");
    if (!absent(profile) && !profile.isTextual()) {
      throw wrong("/profile", "not a text", Profile.names());
    }
    Profile chosen = absent(profile) ? Profile.CONVERSATION : Profile.of(profile.textValue());
    if (chosen == null) {
      throw new RoomRefused(RoomView.unknownProfile(422, profile.textValue()));
    }
    return switch (SettingsMerge.merge(chosen, body.get("overrides"), "/overrides")) {
      case SettingsMerge.Merged.Wrong wrong -> throw new RoomRefused(wrong.problem(422));
      case SettingsMerge.Merged.Settings merged ->
          new RoomRequest(
              absent(name) ? null : name.textValue(), chosen, merged.settings(), strict(body));
    };
  }

  static RoomRequest.Change change(ObjectNode body) {
    RoomApi.known(body, List.of("overrides", "strict"));
    return new RoomRequest.Change(body.get("overrides"), strict(body));
  }

  static RoomRequest.Token token(ObjectNode body) {
    RoomApi.known(body, List.of("role", "user", "ttl"));
    JsonNode role = body.path("role");
    Role chosen = role.isTextual() ? Role.of(role.textValue()) : null;
    if (chosen == null) {
      throw wrong("/role", absent(role) ? "missing" : "not a role", "owner, speaker or viewer");
    }
    JsonNode user = body.path("user");
    if (!absent(user) && !(user.isTextual() && presentable(user.textValue()))) {
      throw wrong("/user", "not a name", "1…128 characters, none of them a control character");
    }
    JsonNode ttl = body.path("ttl");
    if (!absent(ttl)
        && !(ttl.isIntegralNumber()
            && ttl.canConvertToInt()
            && ttl.intValue() >= 1
            && ttl.intValue() <= TTL_SECONDS_MAX)) {
      throw wrong("/ttl", "not a time", "seconds, 1…" + TTL_SECONDS_MAX);
    }
    return new RoomRequest.Token(
        chosen, absent(user) ? null : user.textValue(), absent(ttl) ? TTL_SECONDS : ttl.intValue());
  }

  private static boolean presentable(String user) {
    return !user.isBlank()
        && user.length() <= USER_CHARACTERS_MAX
        && user.chars().noneMatch(Character::isISOControl);
  }

  private static boolean strict(ObjectNode body) {
    JsonNode strict = body.path("strict");
    if (!absent(strict) && !strict.isBoolean()) {
      throw wrong("/strict", "not true or false", "true or false");
    }
    return strict.asBoolean(false);
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static RoomRefused wrong(String pointer, String fault, String expected) {
    return new RoomRefused(
        RoomProblem.wrong(
            422, pointer, "%s: %s (expected: %s)".formatted(pointer, fault, expected)));
  }
}
