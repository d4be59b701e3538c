package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// LiveKit over Twirp: `RoomService`, JSON. Thread-safe.
public final class LivekitRooms implements RoomProvider {
  public static final ProviderFacts FACTS = LivekitFacts.FACTS;

  private final ProviderHttp http;
  private final Time time;

  public LivekitRooms(ProviderHttp http, Time time) {
    this.http = http;
    this.time = time;
  }

  @Override
  public ProviderFacts facts() {
    return FACTS;
  }

  @Override
  public RoomPlan plan(RoomSpec spec) {
    return LivekitMapping.plan(spec);
  }

  /// LiveKit's CreateRoom answers with the room that is there, changed, when the name is taken; so
  /// we look first.
  @Override
  public ProviderRoom create(Account account, RoomPlan plan) {
    String name = plan.payload().path("name").textValue();
    if (find(account, name).isPresent()) {
      throw new RoomRefused(RoomProblem.conflict(LivekitFacts.ID, name));
    }
    return room(account, call(account, "CreateRoom", plan.payload()));
  }

  @Override
  public Optional<ProviderRoom> find(Account account, String name) {
    for (JsonNode room : list(account, List.of(name))) {
      if (room.path("name").asText().equals(name)) {
        return Optional.of(room(account, room));
      }
    }
    return Optional.empty();
  }

  @Override
  public Map<String, Boolean> alive(Account account, Collection<String> names) {
    Map<String, Boolean> alive = new HashMap<>();
    names.forEach(name -> alive.put(name, false));
    if (!names.isEmpty()) {
      for (JsonNode room : list(account, names)) {
        alive.replace(room.path("name").asText(), true);
      }
    }
    return alive;
  }

  /// CreateRoom on a name that is taken changes the room: that is LiveKit's only way to do so.
  @Override
  public ProviderRoom update(Account account, RoomPlan plan) {
    String name = plan.payload().path("name").textValue();
    if (find(account, name).isEmpty()) {
      throw new RoomRefused(RoomProblem.notFound(LivekitFacts.ID, name));
    }
    return room(account, call(account, "CreateRoom", plan.payload()));
  }

  @Override
  public boolean delete(Account account, String name) {
    ObjectNode body = RoomJson.object().put("room", name);
    ProviderHttp.Reply reply = post(account, "DeleteRoom", body);
    JsonNode answer = RoomJson.parse(reply.body());
    if (reply.status() == 404
        && answer != null
        && answer.path("code").asText().equals("not_found")) {
      return false;
    }
    checked(account, reply);
    return true;
  }

  @Override
  public JoinToken token(Account account, TokenSpec spec) {
    return new JoinToken(LivekitToken.forJoin(account, spec), spec.room().url(), null);
  }

  /// Tokens end with the room, so nobody new joins a room that goes on because people are in it.
  @Override
  public Ending end(Account account, String name, boolean eject) {
    if (!eject) {
      for (JsonNode room : list(account, List.of(name))) {
        if (room.path("name").asText().equals(name) && room.path("num_participants").asInt() > 0) {
          return Ending.OCCUPIED;
        }
      }
    }
    delete(account, name);
    return Ending.DONE;
  }

  private JsonNode list(Account account, Collection<String> names) {
    ObjectNode body = RoomJson.object();
    ArrayNode wanted = body.putArray("names");
    names.forEach(wanted::add);
    JsonNode rooms = call(account, "ListRooms", body).path("rooms");
    if (!rooms.isArray() && !rooms.isMissingNode()) {
      throw ProviderErrors.malformed(account, 200);
    }
    return rooms;
  }

  private JsonNode call(Account account, String method, ObjectNode body) {
    return checked(account, post(account, method, body));
  }

  private ProviderHttp.Reply post(Account account, String method, ObjectNode body) {
    ProviderAddress address = address(account);
    Secret token = LivekitToken.forCall(account, time.millis());
    return http.send(
        new ProviderHttp.Call(
            LivekitFacts.ID,
            address.origin(),
            "POST",
            address.target("/twirp/livekit.RoomService/" + method),
            Secret.of("Bearer " + token.expose()),
            RoomJson.text(body)));
  }

  private static ProviderAddress address(Account account) {
    // Checked when the credential was read.
    return Objects.requireNonNull(ProviderAddress.parse(account.need("url").expose()));
  }

  private static JsonNode checked(Account account, ProviderHttp.Reply reply) {
    JsonNode answer = RoomJson.parse(reply.body());
    if (reply.status() == 200) {
      if (answer == null || !answer.isObject()) {
        throw ProviderErrors.malformed(account, reply.status());
      }
      return answer;
    }
    throw LivekitErrors.refused(account, reply, answer);
  }

  private static ProviderRoom room(Account account, JsonNode answer) {
    if (!answer.path("name").isTextual() || !answer.path("sid").isTextual()) {
      throw ProviderErrors.malformed(account, 200);
    }
    ObjectNode config = RoomJson.object();
    for (String shown :
        List.of(
            "empty_timeout",
            "departure_timeout",
            "max_participants",
            "num_participants",
            "num_publishers",
            "metadata")) {
      if (answer.has(shown)) {
        config.set(shown, answer.get(shown));
      }
    }
    long seconds = answer.path("creation_time").asLong(0);
    return new ProviderRoom(
        answer.path("sid").textValue(),
        answer.path("name").textValue(),
        address(account).toWebSocket(),
        seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString(),
        "private",
        config);
  }
}
