package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.provider.RoomWas;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Outcomes;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.wire.RoomJson;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Maps a room's settings to LiveKit's `CreateRoomRequest` (livekit/protocol, livekit_room.proto).
/// Most of what a room allows stands in LiveKit's join tokens, not in the room.
public final class LivekitMapping {
  /// LiveKit's own default closes a room five minutes after it was made if nobody came, which no
  /// caller of ours expects: a room without an end waits a day.
  static final int IDLE_SECONDS = 86_400;

  private static final String NO_PAGE =
      "LiveKit has no hosted page; the client must bring its own.";
  private static final String NO_EGRESS =
      "Needs an egress worker beside LiveKit, which this gate does not drive.";

  private static final String MARK = "room";
  private static final Pattern OURS = Pattern.compile("room_[0-9a-f]{32}");
  private static final int METADATA_CHARACTERS_MAX = 8 << 10;

  private static final Outcome IN_TOKENS =
      Outcome.approximated(
          "LiveKit keeps this in join tokens: those given out before allow what they allowed.");
  private static final Outcome KEPT =
      Outcome.unsupported("LiveKit keeps the limit the room was made with.");

  private LivekitMapping() {}

  static RoomPlan plan(RoomSpec spec) {
    RoomSettings settings = spec.settings();
    ObjectNode body = RoomJson.object();
    if (spec.name() != null) {
      body.put("name", spec.name());
    }
    Integer expiresIn = settings.lifespan().expiresIn();
    // The server's idle timers must not end a room before its time; the gate ends it then.
    int idle = expiresIn == null ? IDLE_SECONDS : Math.max(expiresIn, IDLE_SECONDS);
    body.put("empty_timeout", idle).put("departure_timeout", idle);
    if (settings.access().maxParticipants() != null) {
      body.put("max_participants", settings.access().maxParticipants());
    }
    body.put("metadata", metadata(spec.id(), spec.profile(), settings));
    return new RoomPlan(spec, body, outcomes(spec).toMap());
  }

  /// @param id our own, by which the gate knows its room again; null in a dry run
  static String metadata(@Nullable String id, String profile, RoomSettings settings) {
    ObjectNode metadata = RoomJson.object();
    if (id != null) {
      metadata.put(MARK, id);
    }
    metadata.put("profile", profile).set("settings", settings.toStoredJson());
    return RoomJson.text(metadata);
  }

  /// Our own id in a room's metadata, null when it has none.
  static @Nullable String mark(JsonNode room) {
    String text = room.path("metadata").asText("");
    JsonNode metadata = text.length() > METADATA_CHARACTERS_MAX ? null : RoomJson.parse(text);
    String mark = metadata == null ? null : metadata.path(MARK).textValue();
    return mark == null || !OURS.matcher(mark).matches() ? null : mark;
  }

  /// What stands in join tokens reaches nobody who already has one.
  static RoomPlan change(RoomSpec spec, RoomWas was) {
    RoomPlan plan = plan(spec);
    Map<Capability, Outcome> outcomes = new EnumMap<>(plan.outcomes());
    RoomSettings now = spec.settings();
    RoomSettings before = was.settings();
    Map<Capability, Boolean> turned = new EnumMap<>(Capability.class);
    turned.put(Capability.VIDEO, now.media().video() != before.media().video());
    turned.put(Capability.AUDIO, now.media().audio() != before.media().audio());
    turned.put(Capability.SCREENSHARE, now.screenshareAllowed() != before.screenshareAllowed());
    turned.put(Capability.CHAT, now.capabilities().chat() != before.capabilities().chat());
    turned.forEach((capability, changed) -> {
      if (changed || IN_TOKENS.equals(was.outcomes().get(capability))) {
        outcomes.put(capability, IN_TOKENS);
      }
    });
    if (!Objects.equals(now.access().maxParticipants(), before.access().maxParticipants())
        || KEPT.equals(was.outcomes().get(Capability.MAX_PARTICIPANTS))) {
      outcomes.put(Capability.MAX_PARTICIPANTS, KEPT);
    }
    return new RoomPlan(spec, plan.payload(), outcomes);
  }

  /// What LiveKit says it holds after a change: versions since 1.8 leave a room's limits as they
  /// were made, older ones take a new number and never take one away.
  static Map<Capability, Outcome> held(RoomPlan plan, JsonNode room) {
    Map<Capability, Outcome> outcomes = new EnumMap<>(plan.outcomes());
    Integer wanted = plan.spec().settings().access().maxParticipants();
    int limit = room.path("max_participants").asInt();
    if (KEPT.equals(outcomes.get(Capability.MAX_PARTICIPANTS))
        && limit == (wanted == null ? 0 : wanted)) {
      outcomes.put(Capability.MAX_PARTICIPANTS, Outcome.APPLIED);
    }
    if (plan.spec().settings().lifespan().expiresIn() != null
        && room.path("empty_timeout").asInt() < plan.payload().path("empty_timeout").asInt()) {
      outcomes.put(
          Capability.EXPIRES_IN,
          Outcome.approximated(
              "LiveKit closes the room earlier once nobody has been in it for a day."));
    }
    return outcomes;
  }

  private static Outcomes outcomes(RoomSpec spec) {
    RoomSettings settings = spec.settings();
    RoomSettings.Capabilities wanted = settings.capabilities();
    Outcomes outcomes =
        new Outcomes()
            .unsupportedIf(wanted.recording(), Capability.RECORDING, NO_EGRESS)
            .unsupportedIf(wanted.rtmpStreaming(), Capability.RTMP_STREAMING, NO_EGRESS)
            .unsupportedIf(
                wanted.transcription(),
                Capability.TRANSCRIPTION,
                "Needs an agent beside LiveKit, which this gate does not drive.")
            .unsupportedIf(
                wanted.liveCaptions(),
                Capability.LIVE_CAPTIONS,
                "Needs an agent beside LiveKit, which this gate does not drive.")
            .unsupportedIf(
                wanted.breakoutRooms(), Capability.BREAKOUT_ROOMS, "LiveKit has no breakout rooms.")
            .unsupportedIf(settings.interaction().prejoin(), Capability.PREJOIN, NO_PAGE)
            .unsupportedIf(
                settings.interaction().knocking(), Capability.KNOCKING, "LiveKit has no lobby.")
            .unsupportedIf(
                !settings.localization().lang().equals("auto"), Capability.LANG, NO_PAGE);
    if (!settings.isPrivate()) {
      outcomes.approximated(
          Capability.PRIVACY, "Nobody joins LiveKit without a token; mint one for each person.");
    }
    if (settings.lifespan().expiresIn() != null) {
      Outcome reaped = spec.reaping().outcome();
      outcomes.set(Capability.EXPIRES_IN, reaped);
      if (settings.lifespan().ejectAtExpiry()) {
        outcomes.set(Capability.EJECT_AT_EXPIRY, reaped);
      }
    }
    return outcomes;
  }
}
