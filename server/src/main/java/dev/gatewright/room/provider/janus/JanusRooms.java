package dev.gatewright.room.provider.janus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.Ending;
import dev.gatewright.room.provider.JoinToken;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.ProviderFacts;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomSecret;
import dev.gatewright.room.provider.RoomSpec;
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
  public ProviderRoom create(Account account, RoomPlan plan) {
    ObjectNode request = plan.payload().deepCopy();
    String name = request.path("room").textValue();
    keyed(account, request).put("secret", secret(account, name).expose());
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
  public ProviderRoom update(Account account, RoomPlan plan) {
    String name = plan.payload().path("room").textValue();
    ObjectNode edit = request("edit").put("room", name);
    edit.put("secret", secret(account, name).expose());
    for (String field : List.of("description", "is_private", "publishers", "bitrate")) {
      if (plan.payload().has(field)) {
        edit.set("new_" + field, plan.payload().get(field));
      }
    }
    if (!edit.has("new_bitrate")) {
      edit.put("new_bitrate", 0);
    }
    channel.request(account, edit);
    return find(account, name)
        .orElseThrow(() -> new RoomRefused(RoomProblem.notFound(JanusFacts.ID, name)));
  }

  @Override
  public boolean delete(Account account, String name) {
    ObjectNode destroy = request("destroy").put("room", name);
    destroy.put("secret", secret(account, name).expose());
    try {
      channel.request(account, destroy);
      return true;
    } catch (RoomRefused refused) {
      if (refused.problem().status() == 404) {
        return false;
      }
      throw refused;
    }
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
    return new JoinToken(
        JanusTokens.room(account, spec.room().name(), spec.expiresMillis()),
        spec.room().url(),
        JanusTokens.session(account, spec.expiresMillis()));
  }

  @Override
  public Ending end(Account account, String name, boolean eject) {
    if (!eject && exists(account, name)) {
      ObjectNode ask = request("listparticipants").put("room", name);
      if (!channel.request(account, ask).path("participants").isEmpty()) {
        lock(account, name);
        return Ending.OCCUPIED;
      }
    }
    delete(account, name);
    return Ending.DONE;
  }

  /// Tokens end with the room; a room without signed tokens gets a PIN nobody knows instead.
  private void lock(Account account, String name) {
    ObjectNode edit = request("edit").put("room", name);
    edit.put("secret", secret(account, name).expose());
    edit.put("new_pin", secrets.of(JanusFacts.ID, "pin of " + home(account), name).expose());
    channel.request(account, edit);
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

  private Secret secret(Account account, String name) {
    return secrets.of(JanusFacts.ID, home(account), name);
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
    return new ProviderRoom(
        name, name, url == null ? "" : address(url).toHttp(), null, null, config);
  }
}
