package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.life.RoomRequest;
import dev.gatewright.room.life.Rooms;
import dev.gatewright.room.life.Rooms.Known;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// PailKit's three calls, as its clients know them. Its answers keep their fields; its errors keep
/// `detail` and gain `error` and a status that says what happened.
public final class LegacyRoomApi {
  private static final String BASE = "/api/rooms";

  private final RoomCalls calls;
  private final Rooms rooms;

  LegacyRoomApi(RoomCalls calls, Rooms rooms) {
    this.calls = calls;
    this.rooms = rooms;
  }

  List<ApiRoute> routes() {
    Access access = Access.roomCaller();
    return List.of(
        ApiRoute.post(BASE + "/create", access, RoomCalls.BODY_BYTES_MAX, this::create),
        ApiRoute.get(BASE + "/get/{name}", access, this::get),
        ApiRoute.delete(BASE + "/delete/{name}", access, this::delete));
  }

  /// POST /api/rooms/create
  private Answer create(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    RoomRequest request = request(call);
    Known made = calls.finish(call, visit, () -> rooms.create(visit, request));
    ProviderRoom room = Objects.requireNonNull(made.room());
    RoomRow row = Objects.requireNonNull(made.row());
    ObjectNode body = RoomJson.object();
    body.put("success", true)
        .put("room_id", room.id())
        .put("room_name", room.name())
        .put("provider", visit.providerId())
        .put("room_url", room.url())
        .put(
            "created_at",
            room.createdAt() == null ? RoomView.time(row.createdMillis()) : room.createdAt());
    body.set("config", room.config());
    body.put(
            "privacy",
            room.privacy() == null ? request.settings().access().privacy() : room.privacy())
        .put("profile", row.profile())
        .put("message", "Room created successfully");
    body.set("capabilities", row.capabilitiesJson());
    return Answer.ok(body);
  }

  /// GET /api/rooms/get/{name}
  private Answer get(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 400);
    Known known = calls.counted(call, visit, () -> rooms.get(visit, name));
    if (known.room() == null) {
      throw visit.notFound(name);
    }
    ObjectNode body = RoomJson.object();
    body.put("success", true)
        .put("room_name", known.room().name())
        .put("provider", visit.providerId())
        .put("room_url", known.room().url());
    body.set("config", known.room().config());
    body.put("message", "Room details retrieved successfully");
    return Answer.ok(body);
  }

  /// DELETE /api/rooms/delete/{name}
  private Answer delete(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 400);
    calls.finish(
        call,
        visit,
        () -> {
          rooms.delete(visit, name, _ -> {});
          return true;
        });
    return Answer.ok(
        RoomJson.object()
            .put("success", true)
            .put("room_name", name)
            .put("provider", visit.providerId())
            .put("message", "Room deleted successfully"));
  }

  /// Fields PailKit did not know are ignored, as it ignored them; overrides it ignored are not.
  private static RoomRequest request(ApiCall call) {
    JsonNode body = body(call);
    JsonNode profile = body.path("profile");
    if (!profile.isMissingNode() && !profile.isTextual()) {
      throw unreadable("string_type", "profile", "profile: not a text (expected: a text)");
    }
    JsonNode overrides = body.path("overrides");
    if (!overrides.isMissingNode() && !overrides.isNull() && !overrides.isObject()) {
      throw unreadable(
          "dict_type", "overrides", "overrides: not an object (expected: an object or null)");
    }
    Profile chosen =
        profile.isMissingNode() ? Profile.CONVERSATION : Profile.of(profile.textValue());
    if (chosen == null) {
      throw new RoomRefused(RoomView.unknownProfile(400, profile.textValue()));
    }
    return switch (SettingsMerge.merge(
        chosen, overrides.isObject() ? overrides : null, "/overrides")) {
      case SettingsMerge.Merged.Wrong wrong -> throw new RoomRefused(wrong.problem(400));
      case SettingsMerge.Merged.Settings merged ->
          new RoomRequest(null, chosen, merged.settings(), false);
    };
  }

  /// What is not JSON is 422 here, as PailKit's framework had it.
  private static JsonNode body(ApiCall call) {
    JsonNode body;
    try {
      body = call.tree();
    } catch (Problem unreadable) {
      throw unreadable("json_invalid", null, unreadable.refusal().message());
    }
    if (!body.isObject()) {
      throw unreadable("json_invalid", null, "body: not a JSON object");
    }
    return body;
  }

  /// 422 with the array PailKit's framework made.
  private static RoomRefused unreadable(String type, @Nullable String field, String message) {
    ArrayNode detail = RoomJson.object().arrayNode();
    ObjectNode fault = detail.addObject();
    fault.put("type", type).put("msg", message).putNull("input");
    ArrayNode place = fault.putArray("loc").add("body");
    if (field != null) {
      place.add(field);
    }
    return new RoomRefused(
        RoomProblem.of(422, "invalid_request_error", "invalid_request", message)
            .at(field == null ? null : "/" + field)
            .detailed(detail));
  }
}
