package dev.gatewright.room;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.ProviderHttp;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.daily.DailyRooms;
import dev.gatewright.room.provider.janus.JanusRooms;
import dev.gatewright.room.provider.livekit.LivekitRooms;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Profile × provider: merged settings, payload and outcomes, each in a file.
class MappingGoldenTest {
  private static final Time TIME = new Time(() -> Instant.ofEpochMilli(Specs.NOW_MILLIS), () -> 0L);
  private static final ProviderHttp NOWHERE =
      call -> {
        throw new AssertionError("a plan calls nobody: " + call);
      };
  private static final List<RoomProvider> PROVIDERS =
      List.of(
          new DailyRooms(null, NOWHERE),
          new LivekitRooms(NOWHERE, TIME),
          new JanusRooms(NOWHERE, TIME, (_, _, _) -> Secret.of("x")));

  /// What each provider's credential holds at most.
  private static final Map<String, Set<String>> FIELDS =
      Map.of("daily", Set.of(), "livekit", Set.of(), "janus", Set.of("token_secret"));

  @ParameterizedTest
  @EnumSource(Profile.class)
  void each_profile_maps_as_its_file_says(Profile profile) {
    ObjectNode golden = RoomJson.object();
    golden.set("settings", RoomJson.tree(Specs.settings(profile, null)));
    for (RoomProvider provider : PROVIDERS) {
      String id = provider.facts().id();
      golden.set(
          id,
          plan(
              provider, Specs.of(null, profile, (String) null, FIELDS.getOrDefault(id, Set.of()))));
    }
    Golden.check("profile-" + profile.id(), golden);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "everything|{'media':{'audio':false},'capabilities':{'recording':true,'transcription':true,"
            + "'live_captions':true,'rtmp_streaming':true,'breakout_rooms':true,"
            + "'rtmp_url':'rtmp://live.example/app/key'},'interaction':{'broadcast_mode':true,"
            + "'knocking':true},'access':{'privacy':'private','max_participants':300},'lifespan':"
            + "{'expires_in':3600,'eject_at_expiry':true},'localization':{'lang':'pt-BR'}}",
        "nothing|{'media':{'video':false,'audio':false,'screenshare_capable':false},'capabilities':"
            + "{'chat':false},'interaction':{'prejoin':false}}",
        "language|{'localization':{'lang':'ja'}}",
        "unknown-language|{'localization':{'lang':'gsw-CH'}}",
        "knocking-in-public|{'interaction':{'knocking':true}}",
        "screenshare-off|{'capabilities':{'screenshare':false}}",
        "rtmp-nowhere|{'capabilities':{'rtmp_streaming':true}}"
      })
  void overrides_map_as_their_file_says(String named) {
    String[] parts = named.split("\\|", 2);
    ObjectNode golden = RoomJson.object();
    for (RoomProvider provider : PROVIDERS) {
      golden.set(
          provider.facts().id(),
          plan(provider, Specs.of("team-1", Profile.CONVERSATION, parts[1], Set.of())));
    }
    Golden.check("overrides-" + parts[0], golden);
  }

  private static ObjectNode plan(RoomProvider provider, RoomSpec spec) {
    RoomPlan plan = provider.plan(spec);
    ObjectNode node = RoomJson.object();
    node.set("payload", plan.payload());
    ObjectNode capabilities = node.putObject("capabilities");
    plan.outcomes()
        .forEach(
            (capability, outcome) -> capabilities.set(capability.id(), RoomJson.tree(outcome)));
    return node;
  }
}
