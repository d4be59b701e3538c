package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Changed;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderAnswer;
import dev.gatewright.room.provider.ProviderErrors;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.RoomWas;
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

  /// Longer metadata than the gate writes are not repeated.
  private static final int SHOWN_CHARACTERS_MAX = 4 << 10;

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

  @Override
  public RoomPlan change(RoomSpec spec, RoomWas was) {
    return LivekitMapping.change(spec, was);
  }

  /// LiveKit's CreateRoom answers with the room that is there when the name is taken (up to 1.7
  /// changed), so we look first; one that came between is known by its lacking our mark.
  @Override
  public ProviderRoom create(Account account, RoomPlan plan) {
    String name = plan.payload().path("name").textValue();
    if (find(account, name).isPresent()) {
      throw new RoomRefused(RoomProblem.conflict(LivekitFacts.ID, name));
    }
    JsonNode room = call(account, "CreateRoom", plan.payload());
    String id = plan.spec().id();
    if (id != null && !id.equals(LivekitMapping.mark(room))) {
      throw new RoomRefused(RoomProblem.conflict(LivekitFacts.ID, name));
    }
    return room(account, room);
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

  /// CreateRoom on a name that is taken changes the room as far as this LiveKit does; metadata have
  /// a call of their own.
  @Override
  public Changed update(Account account, RoomPlan plan) {
    JsonNode room = call(account, "CreateRoom", plan.payload());
    String metadata = plan.payload().path("metadata").textValue();
    if (!metadata.equals(room.path("metadata").textValue())) {
      ObjectNode body =
          RoomJson.object().put("room", plan.spec().ref().name()).put("metadata", metadata);
      room = call(account, "UpdateRoomMetadata", body);
    }
    return new Changed(room(account, room), LivekitMapping.held(plan, room));
  }

  @Override
  public boolean delete(Account account, RoomRef room) {
    ObjectNode body = RoomJson.object().put("room", room.name());
    ProviderHttp.Reply reply = post(account, "DeleteRoom", body);
    JsonNode answer = RoomJson.parse(reply.body());
    if (answer != null && answer.path("code").asText().equals("not_found")) {
      return false;
    }
    // LiveKit up to 1.4 answers 500 for a room that is gone: so look.
    if (reply.status() >= 500 && find(account, room.name()).isEmpty()) {
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
  public Ending end(Account account, RoomRef room, boolean eject) {
    if (!eject) {
      for (JsonNode there : list(account, List.of(room.name()))) {
        if (there.path("name").asText().equals(room.name())
            && there.path("num_participants").asInt() > 0) {
          return Ending.OCCUPIED;
        }
      }
    }
    delete(account, room);
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
    Secret token = LivekitToken.forCall(account, time.millis(), body.path("room").asText());
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
      if (answer.has(shown) && answer.get(shown).asText().length() <= SHOWN_CHARACTERS_MAX) {
        config.set(shown, answer.get(shown));
      }
    }
    long seconds = answer.path("creation_time").asLong(0);
    return ProviderAnswer.room(
        account,
        new ProviderRoom(
            answer.path("sid").textValue(),
            answer.path("name").textValue(),
            address(account).toWebSocket(),
            seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString(),
            "private",
            LivekitMapping.mark(answer),
            config));
  }
}
