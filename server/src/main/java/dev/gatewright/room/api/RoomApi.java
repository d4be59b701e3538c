package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.life.RoomRequest;
import dev.gatewright.room.life.Rooms;
import dev.gatewright.room.life.Rooms.Known;
import dev.gatewright.room.settings.Violations;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `/v1/rooms`, `/v1/room-plans`, `/v1/room-providers`.
public final class RoomApi {
  private static final int PAGE = 50;
  private static final int PAGE_MAX = 100;

  private final RoomCallApi calls;
  private final Rooms rooms;

  RoomApi(RoomCallApi calls, Rooms rooms) {
    this.calls = calls;
    this.rooms = rooms;
  }

  void routes(RoutesConfig routes) {
    routes.post("/v1/rooms", calls.guarded(this::create));
    routes.get("/v1/rooms", calls.guarded(this::list));
    routes.get("/v1/rooms/{name}", calls.guarded(this::get));
    routes.patch("/v1/rooms/{name}", calls.guarded(this::update));
    routes.delete("/v1/rooms/{name}", calls.guarded(this::delete));
    routes.post("/v1/rooms/{name}/tokens", calls.guarded(this::token));
    routes.post("/v1/room-plans", calls.guarded(this::plan));
    routes.get("/v1/room-providers", calls.guarded(this::providers));
  }

  /// POST /v1/rooms
  private void create(Context context) {
    RoomVisit visit = calls.visit(context, "POST /v1/rooms");
    RoomRequest request = RoomBody.create(RoomCallApi.body(context, 400));
    Known made = calls.finish(() -> rooms.create(visit, request));
    context.status(201);
    RoomCallApi.json(context, RoomView.room(visit, made));
  }

  /// GET /v1/rooms
  private void list(Context context) {
    RoomVisit visit = calls.visit(context, "GET /v1/rooms");
    int limit = limit(context.queryParam("limit"));
    List<Known> page = rooms.list(visit, after(context.queryParam("cursor")), limit);
    ObjectNode body = RoomJson.object();
    ArrayNode data = body.putArray("data");
    page.forEach(known -> data.add(RoomView.room(visit, known)));
    RoomRow last = page.size() < limit ? null : page.getLast().row();
    body.put("next_cursor", last == null ? null : cursor(last.name()));
    RoomCallApi.json(context, body);
  }

  /// GET /v1/rooms/{name}
  private void get(Context context) {
    RoomVisit visit = calls.visit(context, "GET /v1/rooms/{name}");
    Known known = rooms.get(visit, RoomCallApi.name(context, 422));
    RoomCallApi.json(context, RoomView.room(visit, known));
  }

  /// PATCH /v1/rooms/{name}
  private void update(Context context) {
    RoomVisit visit = calls.visit(context, "PATCH /v1/rooms/{name}");
    String name = RoomCallApi.name(context, 422);
    RoomRequest.Change change = RoomBody.change(RoomCallApi.body(context, 400));
    Known known = calls.finish(() -> rooms.update(visit, name, change, _ -> {}));
    RoomCallApi.json(context, RoomView.room(visit, known));
  }

  /// DELETE /v1/rooms/{name}
  private void delete(Context context) {
    RoomVisit visit = calls.visit(context, "DELETE /v1/rooms/{name}");
    String name = RoomCallApi.name(context, 422);
    calls.finish(() -> {
      rooms.delete(visit, name, _ -> {});
      return true;
    });
    context.status(204);
  }

  /// POST /v1/rooms/{name}/tokens
  private void token(Context context) {
    RoomVisit visit = calls.visit(context, "POST /v1/rooms/{name}/tokens");
    String name = RoomCallApi.name(context, 422);
    RoomRequest.Token asked = RoomBody.token(RoomCallApi.body(context, 400));
    Rooms.Minted minted = rooms.token(visit, name, asked);
    context.status(201);
    RoomCallApi.json(context, RoomView.token(visit.provider(), minted));
  }

  /// POST /v1/room-plans
  private void plan(Context context) {
    RoomVisit visit = calls.dry(context, "POST /v1/room-plans");
    RoomRequest request = RoomBody.create(RoomCallApi.body(context, 400));
    RoomCallApi.json(context, RoomView.plan(visit, rooms.plan(visit, request)));
  }

  /// GET /v1/room-providers
  private void providers(Context context) {
    calls.caller(context);
    ObjectNode body = RoomJson.object();
    ArrayNode data = body.putArray("data");
    calls.visits().open().forEach(provider -> data.add(RoomView.provider(provider)));
    body.putNull("next_cursor");
    RoomCallApi.json(context, body);
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE;
    }
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > PAGE_MAX) {
      throw new RoomRefused(
          RoomProblem.wrong(422, "limit", "limit: not a number 1…%d".formatted(PAGE_MAX)));
    }
    return Integer.parseInt(text);
  }

  private static String cursor(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String after(@Nullable String cursor) {
    if (cursor == null) {
      return "";
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new RoomRefused(
          RoomProblem.wrong(422, "cursor", "cursor: not one this gate has given"));
    }
  }

  /// What a body may hold, for messages about what it may not.
  static void known(ObjectNode body, List<String> names) {
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!names.contains(field.getKey())) {
        String pointer = "/" + Violations.step(field.getKey());
        throw new RoomRefused(
            RoomProblem.wrong(
                422,
                pointer,
                "%s: unknown field (expected: %s)".formatted(pointer, String.join(", ", names))));
      }
    }
  }
}
