package dev.gatewright.room.provider.daily;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.List;
import java.util.Map;

/// Maps a room's settings to the body of Daily's `POST /rooms` (docs.daily.co, OpenAPI 1.1.1).
/// Everything Daily knows goes into `properties`; an unknown name is an error there.
public final class DailyMapping {
  /// Above this Daily wants to be asked first.
  private static final int PARTICIPANTS_MAX = 200;

  private static final String PREBUILT =
      "A control of Daily Prebuilt; a client built on the call object must bring its own.";

  private static final Outcome ENDPOINT_SET =
      Outcome.approximated(
          "The endpoint is set; an owner starts the stream with endpoint name rtmp.");

  private DailyMapping() {}

  static RoomPlan plan(RoomSpec spec) {
    RoomSettings settings = spec.settings();
    Outcomes outcomes = new Outcomes();
    ObjectNode body = RoomJson.object();
    if (spec.name() != null) {
      body.put("name", spec.name());
    }
    body.put("privacy", settings.access().privacy());
    ObjectNode properties = body.putObject("properties");
    media(settings, properties);
    capabilities(settings, properties, outcomes);
    interaction(settings, properties, outcomes);
    Integer participants = settings.access().maxParticipants();
    if (participants != null) {
      properties.put("max_participants", Math.min(participants, PARTICIPANTS_MAX));
      if (participants > PARTICIPANTS_MAX) {
        outcomes.approximated(
            Capability.MAX_PARTICIPANTS, "Daily's rooms hold at most 200 people.");
      }
    }
    if (spec.expiresMillis() != null) {
      properties.put("exp", spec.expiresMillis() / 1000);
    }
    if (settings.lifespan().ejectAtExpiry()) {
      properties.put("eject_at_room_exp", true);
    }
    DailyLanguage.map(settings.localization().lang(), properties, outcomes);
    return new RoomPlan(spec, body, outcomes.toMap());
  }

  /// For a change: what the room no longer asks for must be taken back, since Daily keeps whatever
  /// a change does not name. Null unsets a property there (documented for `streaming_endpoints`).
  static RoomPlan change(RoomSpec spec, RoomWas was) {
    RoomPlan plan = plan(spec);
    ObjectNode properties = (ObjectNode) plan.payload().get("properties");
    for (String flag :
        List.of(
            "start_video_off",
            "start_audio_off",
            "enable_transcription_storage",
            "enable_live_captions_ui",
            "enable_breakout_rooms",
            "enable_knocking",
            "eject_at_room_exp")) {
      if (!properties.has(flag)) {
        properties.put(flag, false);
      }
    }
    for (String value :
        List.of("permissions", "enable_recording", "max_participants", "exp", "lang")) {
      if (!properties.has(value)) {
        properties.putNull(value);
      }
    }
    return properties.has("streaming_endpoints") ? plan : streaming(plan, was, properties);
  }

  /// The address of a stream is known to Daily alone, so a change that does not name one leaves the
  /// one that is there.
  private static RoomPlan streaming(RoomPlan plan, RoomWas was, ObjectNode properties) {
    Outcome before = was.outcomes().get(Capability.RTMP_STREAMING);
    boolean wanted = plan.spec().settings().capabilities().rtmpStreaming();
    if (wanted && was.settings().capabilities().rtmpStreaming() && ENDPOINT_SET.equals(before)) {
      Map<Capability, Outcome> outcomes = new EnumMap<>(plan.outcomes());
      outcomes.put(Capability.RTMP_STREAMING, ENDPOINT_SET);
      return new RoomPlan(plan.spec(), plan.payload(), outcomes);
    }
    properties.putNull("streaming_endpoints");
    return plan;
  }

  private static void media(RoomSettings settings, ObjectNode properties) {
    boolean video = settings.media().video();
    boolean audio = settings.media().audio();
    properties.put("enable_screenshare", settings.screenshareAllowed());
    if (!video) {
      properties.put("start_video_off", true);
    }
    if (!audio) {
      properties.put("start_audio_off", true);
    }
    if (!video || !audio) {
      // Starting muted forbids nothing; the permission does.
      properties.putObject("permissions").set("canSend", sendable(settings));
    }
  }

  /// What people may send, in Daily's words.
  static ArrayNode sendable(RoomSettings settings) {
    ArrayNode kinds = RoomJson.object().arrayNode();
    if (settings.media().video()) {
      kinds.add("video");
    }
    if (settings.media().audio()) {
      kinds.add("audio");
    }
    if (settings.screenshareAllowed()) {
      kinds.add("screenVideo").add("screenAudio");
    }
    return kinds;
  }

  private static void capabilities(
      RoomSettings settings, ObjectNode properties, Outcomes outcomes) {
    RoomSettings.Capabilities wanted = settings.capabilities();
    properties.put("enable_chat", wanted.chat());
    if (wanted.recording()) {
      properties.put("enable_recording", "cloud");
    }
    if (wanted.transcription()) {
      properties.put("enable_transcription_storage", true);
      ObjectNode transcription = properties.putObject("auto_transcription_settings");
      String lang = settings.localization().lang();
      if (!lang.equals("auto")) {
        transcription.put("language", lang);
      }
      transcription.put("model", "nova-2").put("punctuate", true).put("profanity_filter", false);
      outcomes.approximated(
          Capability.TRANSCRIPTION,
          "Starts when somebody joins with an owner's token from this gate.");
    }
    if (wanted.liveCaptions()) {
      properties.put("enable_live_captions_ui", true);
      outcomes.approximated(Capability.LIVE_CAPTIONS, PREBUILT);
    }
    if (wanted.breakoutRooms()) {
      properties.put("enable_breakout_rooms", true);
      outcomes.approximated(Capability.BREAKOUT_ROOMS, PREBUILT);
    }
    if (wanted.rtmpStreaming()) {
      rtmp(wanted, properties, outcomes);
    }
  }

  private static void rtmp(
      RoomSettings.Capabilities wanted, ObjectNode properties, Outcomes outcomes) {
    if (wanted.rtmpUrl() == null) {
      outcomes.unsupported(
          Capability.RTMP_STREAMING, "Give capabilities.rtmp_url: there is nowhere to stream to.");
      return;
    }
    ObjectNode endpoint = properties.putArray("streaming_endpoints").addObject();
    endpoint.put("name", "rtmp").put("type", "rtmp");
    endpoint.putObject("rtmp_config").put("url", wanted.rtmpUrl());
    outcomes.set(Capability.RTMP_STREAMING, ENDPOINT_SET);
  }

  private static void interaction(RoomSettings settings, ObjectNode properties, Outcomes outcomes) {
    properties.put("enable_prejoin_ui", settings.interaction().prejoin());
    properties.put("owner_only_broadcast", settings.interaction().broadcastMode());
    if (settings.interaction().knocking()) {
      properties.put("enable_knocking", true);
      outcomes.unsupportedIf(
          !settings.isPrivate(),
          Capability.KNOCKING,
          "At Daily people knock at private rooms only; set access.privacy to private.");
    }
  }
}
