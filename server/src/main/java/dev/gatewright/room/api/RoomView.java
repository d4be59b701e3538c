package dev.gatewright.room.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.life.Rooms;
import dev.gatewright.room.life.Rooms.Known;
import dev.gatewright.room.provider.CapabilityTable;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.store.RoomRow;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import java.time.Instant;

/// Answers of `/v1/rooms` as JSON.
public final class RoomView {
  private RoomView() {}

  static ObjectNode room(RoomVisit visit, Known known) {
    RoomRow row = known.row();
    ProviderRoom room = known.room();
    ObjectNode body = RoomJson.object();
    body.put("name", row != null ? row.name() : room != null ? room.name() : "")
        .put("provider", visit.providerId())
        .put("provider_room_id", room != null ? room.id() : row != null ? row.providerRoomId() : "")
        .put("url", room != null ? room.url() : row != null ? row.url() : "")
        .put("status", known.status())
        .put("profile", row == null ? null : row.profile())
        .put(
            "created_at",
            row != null ? time(row.createdMillis()) : room != null ? room.createdAt() : null)
        .put(
            "expires_at",
            row == null || row.expiresMillis() == null ? null : time(row.expiresMillis()));
    body.set("capabilities", row == null ? RoomJson.object() : row.capabilitiesJson());
    return body;
  }

  static ObjectNode plan(RoomVisit visit, RoomPlan plan) {
    Long expires = plan.spec().expiresMillis();
    ObjectNode body = RoomJson.object();
    body.put("provider", visit.providerId())
        .put("profile", plan.spec().profile())
        .put("expires_at", expires == null ? null : time(expires));
    body.set("settings", RoomJson.tree(plan.spec().settings()));
    body.set("payload", plan.payload());
    ObjectNode capabilities = body.putObject("capabilities");
    plan.outcomes()
        .forEach(
            (capability, outcome) -> capabilities.set(capability.id(), RoomJson.tree(outcome)));
    return body;
  }

  static ObjectNode provider(RoomProvider provider) {
    ProviderFacts facts = provider.facts();
    ObjectNode body = RoomJson.object();
    body.put("id", facts.id()).put("title", facts.title());
    body.put("ends_rooms", facts.endsRooms()).put("name_window", facts.nameWindow());
    ArrayNode credential = body.putArray("credential");
    facts.credential().forEach(field -> credential.add(RoomJson.tree(field)));
    ObjectNode roles = body.putObject("roles");
    for (Role role : Role.values()) {
      roles.set(role.id(), RoomJson.tree(facts.roles().getOrDefault(role, Outcome.APPLIED)));
    }
    ArrayNode capabilities = body.putArray("capabilities");
    CapabilityTable.of(provider).forEach(line -> capabilities.add(RoomJson.tree(line)));
    return body;
  }

  static ObjectNode token(RoomProvider provider, Rooms.Minted minted) {
    ObjectNode body = RoomJson.object();
    body.put("token", minted.token().token().expose())
        .put("url", minted.token().url())
        .put("role", minted.role().id())
        .put("expires_at", time(minted.expiresMillis()));
    JoinToken.Session session = minted.token().session();
    if (session != null) {
      body.put("session_token", session.token().expose());
      body.put("session_expires_at", time(session.expiresMillis()));
    }
    Outcome role = provider.facts().roles().get(minted.role());
    if (role != null && !role.isApplied()) {
      body.set("role_outcome", RoomJson.tree(role));
    }
    return body;
  }

  /// RFC 3339, whole seconds.
  static String time(long millis) {
    return Instant.ofEpochSecond(Math.floorDiv(millis, 1000)).toString();
  }

  static RoomProblem unknownProfile(int status, String asked) {
    String shown = asked.replaceAll("[^A-Za-z0-9_-]", "?");
    return RoomProblem.wrong(
        status,
        "/profile",
        "profile: %s (expected: %s)"
            .formatted(shown.substring(0, Math.min(shown.length(), 40)), Profile.names()));
  }
}
