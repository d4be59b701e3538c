package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Changed;
import dev.gatewright.room.provider.CredentialField;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderAnswer;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.RoomWas;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Daily over its REST interface, version 1. Thread-safe.
public final class DailyRooms implements RoomProvider {
  /// Its own.
  public static final String ADDRESS = "https://api.daily.co/v1";

  /// Rooms one page of a list holds at most.
  private static final int PAGE = 100;

  public static final ProviderFacts FACTS =
      new ProviderFacts(
          "daily",
          "Daily",
          List.of(
              new CredentialField(
                  "api_key", true, false, "API key of the domain: dashboard, Developers")),
          true,
          Map.of(
              Role.OWNER, Outcome.APPLIED,
              Role.SPEAKER, Outcome.APPLIED,
              Role.VIEWER, Outcome.APPLIED),
          "None: Daily itself refuses a name that is taken.");

  private final ProviderAddress address;
  private final ProviderHttp http;

  /// @param address where Daily's interface stands; null = its own
  public DailyRooms(@Nullable ProviderAddress address, ProviderHttp http) {
    this.address =
        address == null ? Objects.requireNonNull(ProviderAddress.parse(ADDRESS)) : address;
    this.http = http;
  }

  @Override
  public ProviderFacts facts() {
    return FACTS;
  }

  @Override
  public RoomPlan plan(RoomSpec spec) {
    return DailyMapping.plan(spec);
  }

  @Override
  public RoomPlan change(RoomSpec spec, RoomWas was) {
    return DailyMapping.change(spec, was);
  }

  @Override
  public ProviderRoom create(Account account, RoomPlan plan) {
    return room(account, send(account, "POST", "/rooms", plan.payload()));
  }

  @Override
  public Optional<ProviderRoom> find(Account account, String name) {
    ProviderHttp.Reply reply = call(account, "GET", path(name), null);
    return reply.status() == 404
        ? Optional.empty()
        : Optional.of(room(account, checked(account, reply)));
  }

  @Override
  public Map<String, Boolean> alive(Account account, Collection<String> names) {
    JsonNode list = checked(account, call(account, "GET", "/rooms?limit=" + PAGE, null));
    JsonNode rooms = list.path("data");
    if (!rooms.isArray()) {
      throw ProviderErrors.malformed(account, 200);
    }
    Map<String, Boolean> alive = new HashMap<>();
    boolean whole = rooms.size() < PAGE;
    for (String name : names) {
      alive.put(name, !whole);
    }
    for (JsonNode room : rooms) {
      alive.replace(room.path("name").asText(), true);
    }
    return alive;
  }

  @Override
  public Changed update(Account account, RoomPlan plan) {
    ObjectNode body = plan.payload().deepCopy();
    // The name is the path's; Daily has no other way to name a room, and none to rename it.
    String name = body.remove("name").asText();
    return new Changed(room(account, send(account, "POST", path(name), body)), plan.outcomes());
  }

  @Override
  public boolean delete(Account account, RoomRef room) {
    ProviderHttp.Reply reply = call(account, "DELETE", path(room.name()), null);
    if (reply.status() == 404) {
      return false;
    }
    checked(account, reply);
    return true;
  }

  @Override
  public JoinToken token(Account account, TokenSpec spec) {
    JsonNode answer = send(account, "POST", "/meeting-tokens", DailyToken.body(spec));
    String token = ProviderAnswer.token(account, answer.path("token"));
    return new JoinToken(Secret.of(token), spec.room().url(), null);
  }

  /// Never asked: Daily ends its rooms itself.
  @Override
  public Ending end(Account account, RoomRef room, boolean eject) {
    delete(account, room);
    return Ending.DONE;
  }

  private static String path(String name) {
    return "/rooms/" + ProviderAddress.segment(name);
  }

  private JsonNode send(Account account, String method, String path, ObjectNode body) {
    return checked(account, call(account, method, path, RoomJson.text(body)));
  }

  private ProviderHttp.Reply call(
      Account account, String method, String path, @Nullable String body) {
    return http.send(
        new ProviderHttp.Call(
            FACTS.id(),
            address.origin(),
            method,
            address.target(path),
            Secret.of("Bearer " + account.need("api_key").expose()),
            body));
  }

  private static JsonNode checked(Account account, ProviderHttp.Reply reply) {
    JsonNode answer = RoomJson.parse(reply.body());
    if (reply.status() >= 200 && reply.status() < 300) {
      if (answer == null || !answer.isObject()) {
        throw ProviderErrors.malformed(account, reply.status());
      }
      return answer;
    }
    throw DailyErrors.refused(account, reply, answer);
  }

  private static ProviderRoom room(Account account, JsonNode answer) {
    if (!answer.path("name").isTextual() || !answer.path("url").isTextual()) {
      throw ProviderErrors.malformed(account, 200);
    }
    ObjectNode config =
        answer.path("config") instanceof ObjectNode object ? object.deepCopy() : RoomJson.object();
    // Stream addresses hold the stream's key.
    config.remove("streaming_endpoints");
    return ProviderAnswer.room(
        account,
        new ProviderRoom(
            answer.path("id").asText(""),
            answer.path("name").textValue(),
            answer.path("url").textValue(),
            answer.path("created_at").textValue(),
            answer.path("privacy").textValue(),
            null,
            config));
  }
}
