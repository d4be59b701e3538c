package dev.gatewright.room.provider.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Changed;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderAnswer;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.provider.RoomSecret;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.RoomWas;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Janus's videoroom plugin. Thread-safe.
///
/// Each room gets a secret of its own, without which Janus neither changes nor destroys it. It is
/// derived from the gate's master key, so nothing has to be kept.
public final class JanusRooms implements RoomProvider {
  public static final ProviderFacts FACTS = JanusFacts.FACTS;

  /// A session outlives the token that let somebody in: it lasts as long as the room. For a room
  /// without an end a week; whoever stays longer asks for another token.
  private static final long SESSION_MILLIS_MAX = 7L * 86_400_000;

  private static final List<String> SHOWN =
      List.of("publishers", "max_publishers", "bitrate", "record", "num_participants");

  private final JanusChannel channel;
  private final RoomSecret secrets;

  public JanusRooms(ProviderHttp http, Time time, RoomSecret secrets) {
    this.channel = new JanusChannel(http, time);
    this.secrets = secrets;
  }

  @Override
  public ProviderFacts facts() {
    return FACTS;
  }

  @Override
  public RoomPlan plan(RoomSpec spec) {
    return JanusMapping.plan(spec);
  }

  @Override
  public RoomPlan change(RoomSpec spec, RoomWas was) {
    return JanusMapping.change(spec, was);
  }

  @Override
  public ProviderRoom create(Account account, RoomPlan plan) {
    ObjectNode request = plan.payload().deepCopy();
    String name = request.path("room").textValue();
    keyed(account, request).put("secret", secret(account, plan.spec().ref()).expose());
    JsonNode answer = channel.request(account, request);
    ObjectNode config = request.retain("publishers", "bitrate", "record", "signed_tokens");
    return room(account, answer.path("room").asText(name), config);
  }

  @Override
  public Optional<ProviderRoom> find(Account account, String name) {
    if (!exists(account, name)) {
      return Optional.empty();
    }
    ObjectNode config = RoomJson.object();
    for (JsonNode item : channel.request(account, keyed(account, request("list"))).path("list")) {
      if (item.path("room").asText().equals(name)) {
        SHOWN.stream().filter(item::has).forEach(shown -> config.set(shown, item.get(shown)));
      }
    }
    return Optional.of(room(account, name, config));
  }

  @Override
  public Map<String, Boolean> alive(Account account, Collection<String> names) {
    Map<String, Boolean> alive = new HashMap<>();
    if (account.find("admin_key") == null) {
      // Without the admin key a list leaves out private rooms.
      names.forEach(name -> alive.put(name, exists(account, name)));
      return alive;
    }
    names.forEach(name -> alive.put(name, false));
    for (JsonNode item : channel.request(account, keyed(account, request("list"))).path("list")) {
      alive.replace(item.path("room").asText(), true);
    }
    return alive;
  }

  @Override
  public Changed update(Account account, RoomPlan plan) {
    RoomRef ref = plan.spec().ref();
    ObjectNode edit = request("edit").put("room", ref.name());
    edit.put("secret", secret(account, ref).expose());
    for (String field : List.of("description", "is_private", "publishers")) {
      edit.set("new_" + field, plan.payload().get(field));
    }
    edit.put("new_bitrate", plan.payload().path("bitrate").asInt(0));
    edit.put("new_lock_record", plan.payload().has("lock_record"));
    channel.request(account, edit);
    channel.request(
        account,
        request("enable_recording")
            .put("room", ref.name())
            .put("secret", secret(account, ref).expose())
            .put("record", plan.payload().has("record")));
    ProviderRoom room =
        find(account, ref.name())
            .orElseThrow(() -> new RoomRefused(RoomProblem.notFound(JanusFacts.ID, ref.name())));
    return new Changed(room, plan.outcomes());
  }

  /// A room that answers to another secret than this one's was made elsewhere after ours was gone.
  @Override
  public boolean delete(Account account, RoomRef room) {
    ObjectNode destroy = request("destroy").put("room", room.name());
    destroy.put("secret", secret(account, room).expose());
    try {
      channel.request(account, destroy);
      return true;
    } catch (RoomRefused refused) {
      boolean notOurs = !room.id().isEmpty() && isUnauthorized(refused);
      if (refused.problem().status() == 404 || notOurs) {
        return false;
      }
      throw refused;
    }
  }

  private static boolean isUnauthorized(RoomRefused refused) {
    return JanusErrors.UNAUTHORIZED.equals(refused.problem().providerCode());
  }

  @Override
  public JoinToken token(Account account, TokenSpec spec) {
    if (account.find("token_secret") == null) {
      throw new RoomRefused(
          RoomProblem.wrong(
                  422,
                  "X-Provider-Auth",
                  "token_secret: not in this credential (expected: Janus's token_auth_secret, which"
                      + " signs join tokens)")
              .from(JanusFacts.ID));
    }
    long session =
        spec.endsMillis() == null ? spec.nowMillis() + SESSION_MILLIS_MAX : spec.endsMillis();
    return new JoinToken(
        JanusTokens.room(account, spec.room().name(), spec.expiresMillis()),
        spec.room().url(),
        new JoinToken.Session(JanusTokens.session(account, session), session));
  }

  @Override
  public Ending end(Account account, RoomRef room, boolean eject) {
    if (!eject && exists(account, room.name())) {
      ObjectNode ask = request("listparticipants").put("room", room.name());
      if (!channel.request(account, ask).path("participants").isEmpty()) {
        return lock(account, room) ? Ending.OCCUPIED : Ending.DONE;
      }
    }
    delete(account, room);
    return Ending.DONE;
  }

  /// Tokens end with the room; a room without signed tokens gets a PIN nobody knows instead.
  ///
  /// @return false when it is not our room
  private boolean lock(Account account, RoomRef room) {
    ObjectNode edit = request("edit").put("room", room.name());
    edit.put("secret", secret(account, room).expose());
    edit.put("new_pin", secrets.of(JanusFacts.ID, "pin of " + home(account), room).expose());
    try {
      channel.request(account, edit);
      return true;
    } catch (RoomRefused refused) {
      if (isUnauthorized(refused)) {
        return false;
      }
      throw refused;
    }
  }

  private boolean exists(Account account, String name) {
    return channel.request(account, request("exists").put("room", name)).path("exists").asBoolean();
  }

  private static ObjectNode request(String kind) {
    return RoomJson.object().put("request", kind);
  }

  private static ObjectNode keyed(Account account, ObjectNode request) {
    Secret key = account.find("admin_key");
    if (key != null) {
      request.put("admin_key", key.expose());
    }
    return request;
  }

  private Secret secret(Account account, RoomRef room) {
    return secrets.of(JanusFacts.ID, home(account), room);
  }

  /// The server a room stands on: another server, whose operator sees what it is sent, gets another
  /// secret for a room of the same name.
  private static String home(Account account) {
    Secret url = account.find("url");
    return address(url == null ? account.need("admin_url") : url).toHttp();
  }

  static ProviderAddress address(Secret url) {
    // Checked when the credential was read.
    return Objects.requireNonNull(ProviderAddress.parse(url.expose()));
  }

  private static ProviderRoom room(Account account, String name, ObjectNode config) {
    Secret url = account.find("url");
    return ProviderAnswer.room(
        account,
        new ProviderRoom(
            name, name, url == null ? "" : address(url).toHttp(), null, null, null, config));
  }
}
