package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.ETag;
import dev.gatewright.rest.IfMatch;
import dev.gatewright.rest.Paging;
import dev.gatewright.rest.Resource;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.life.RoomRequest;
import dev.gatewright.room.life.Rooms;
import dev.gatewright.room.life.Rooms.Known;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.settings.Violations;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.store.RoomStore.Shelf;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// `/v1/rooms`, `/v1/room-plans`, `/v1/room-providers`.
public final class RoomApi {
  private static final int PAGE = 50;
  private static final int PAGE_MAX = 100;
  private static final int BODY = RoomCalls.BODY_BYTES_MAX;

  private final RoomCalls calls;
  private final Rooms rooms;

  public RoomApi(RoomCalls calls, Rooms rooms) {
    this.calls = calls;
    this.rooms = rooms;
  }

  /// The routes of both surfaces, for the portal to mount.
  public Resource resource() {
    Access access = Access.roomCaller();
    List<ApiRoute> routes = new ArrayList<>(new LegacyRoomApi(calls, rooms).routes());
    routes.add(ApiRoute.post("/v1/rooms", access, BODY, this::create));
    routes.add(ApiRoute.get("/v1/rooms", access, this::list).query("limit", "cursor"));
    routes.add(ApiRoute.get("/v1/rooms/{name}", access, this::get));
    routes.add(ApiRoute.patch("/v1/rooms/{name}", access, BODY, this::update));
    routes.add(ApiRoute.delete("/v1/rooms/{name}", access, this::delete));
    routes.add(ApiRoute.post("/v1/rooms/{name}/tokens", access, BODY, this::token));
    routes.add(ApiRoute.post("/v1/room-plans", access, BODY, this::plan));
    routes.add(ApiRoute.get("/v1/room-providers", access, this::providers));
    return new Resource("room", RoomRefused.FORM, routes);
  }

  /// POST /v1/rooms
  private Answer create(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    RoomRequest request = RoomBody.create(RoomCalls.body(call));
    Known made = calls.finish(call, visit, () -> rooms.create(visit, request));
    return tagged(Answer.created(RoomView.room(visit, made)), made);
  }

  /// GET /v1/rooms
  private Answer list(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    Shelf shelf = visit.shelf();
    String owner =
        String.join(
            "\n",
            shelf.tenant().organizationId(),
            shelf.tenant().projectId(),
            shelf.provider(),
            shelf.fingerprint());
    Paging paging = call.paging(owner, PAGE, PAGE_MAX);
    String after = paging.after() == null ? "" : paging.after();
    List<Known> page = calls.counted(call, visit, () -> rooms.list(visit, after, paging.rows()));
    return paging.answer(
        page.stream().map(known -> RoomView.room(visit, known)).toList(),
        page.size() < paging.rows() ? null : Objects.requireNonNull(page.getLast().row()).name());
  }

  /// GET /v1/rooms/{name}
  private Answer get(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 422);
    Known known = calls.counted(call, visit, () -> rooms.get(visit, name));
    return tagged(Answer.ok(RoomView.room(visit, known)), known);
  }

  /// PATCH /v1/rooms/{name}
  private Answer update(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 422);
    IfMatch expected = call.ifMatch();
    RoomRequest.Change change = RoomBody.change(RoomCalls.body(call));
    Known known =
        calls.finish(
            call,
            visit,
            () -> rooms.update(visit, name, change, row -> expected.require(tag(row))));
    return tagged(Answer.ok(RoomView.room(visit, known)), known);
  }

  /// DELETE /v1/rooms/{name}
  private Answer delete(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 422);
    IfMatch expected = call.ifMatch();
    calls.finish(
        call,
        visit,
        () -> {
          rooms.delete(visit, name, row -> expected.require(tag(row)));
          return true;
        });
    return Answer.empty();
  }

  /// POST /v1/rooms/{name}/tokens
  private Answer token(ApiCall call) {
    RoomVisit visit = calls.visit(call);
    String name = RoomCalls.name(call, 422);
    RoomRequest.Token asked = RoomBody.token(RoomCalls.body(call));
    Rooms.Minted minted = calls.counted(call, visit, () -> rooms.token(visit, name, asked));
    return Answer.created(RoomView.token(visit.provider(), minted));
  }

  /// POST /v1/room-plans
  private Answer plan(ApiCall call) {
    RoomVisit visit = calls.dry(call);
    RoomRequest request = RoomBody.create(RoomCalls.body(call));
    RoomPlan plan = calls.counted(call, visit, () -> rooms.plan(visit, request));
    return Answer.ok(RoomView.plan(visit, plan));
  }

  /// GET /v1/room-providers
  private Answer providers(ApiCall call) {
    calls.caller(call);
    return Answer.page(calls.visits().open().stream().map(RoomView::provider).toList(), null);
  }

  /// What callers set of the room, by its version; what the provider does with it is not theirs to
  /// overwrite. A room made elsewhere has none.
  private static Answer tagged(Answer answer, Known known) {
    return known.row() == null ? answer : answer.tagged(tag(known.row()));
  }

  private static String tag(RoomRow row) {
    return ETag.of(row.id(), row.version());
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
