package dev.gatewright.room.provider.janus;

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

/// Maps a room's settings to the videoroom plugin's `create` request (Janus 1.1).
public final class JanusMapping {
  /// The plugin's own default is 3 senders, which no caller of ours expects.
  private static final int SENDERS = 100;

  /// Enough for speech, too little for a usable picture.
  private static final int AUDIO_ONLY_BITS_PER_SECOND = 64_000;

  private static final String ABSENT = "Janus's videoroom has nothing of the kind.";
  private static final String NO_PAGE = "Janus has no hosted page; the client must bring its own.";

  private static final Outcome NEW_SENDERS_FREE =
      Outcome.approximated("Those who already send are held to 64 kbit/s until they join again.");
  private static final Outcome NEW_SENDERS_HELD =
      Outcome.approximated(
          "Janus asks 64 kbit/s of those who begin to send from now on; a room made with video lets"
              + " them choose more.");

  private JanusMapping() {}

  static RoomPlan plan(RoomSpec spec) {
    RoomSettings settings = spec.settings();
    ObjectNode body = RoomJson.object();
    body.put("request", "create");
    if (spec.name() != null) {
      body.put("room", spec.name());
    }
    body.put("description", "gatewright " + spec.profile());
    body.put("permanent", false);
    body.put("is_private", settings.isPrivate());
    body.put("publishers", senders(settings));
    body.put("notify_joining", true);
    if (spec.credentialFields().contains("token_secret")) {
      body.put("signed_tokens", true);
    }
    if (!settings.media().video()) {
      body.put("bitrate", AUDIO_ONLY_BITS_PER_SECOND).put("bitrate_cap", true);
    }
    if (settings.capabilities().recording()) {
      body.put("record", true).put("lock_record", true);
    }
    return new RoomPlan(spec, body, outcomes(spec).toMap());
  }

  /// Janus's `edit` takes fewer fields than its `create`; recording has a request of its own.
  static RoomPlan change(RoomSpec spec, RoomWas was) {
    RoomPlan plan = plan(spec);
    Map<Capability, Outcome> outcomes = new EnumMap<>(plan.outcomes());
    boolean video = spec.settings().media().video();
    Outcome before = was.outcomes().get(Capability.VIDEO);
    Outcome later = video ? NEW_SENDERS_FREE : NEW_SENDERS_HELD;
    if (video != was.settings().media().video() || later.equals(before)) {
      outcomes.put(Capability.VIDEO, later);
    }
    return new RoomPlan(spec, plan.payload(), outcomes);
  }

  private static int senders(RoomSettings settings) {
    Integer participants = settings.access().maxParticipants();
    return settings.interaction().broadcastMode()
        ? 1
        : participants == null ? SENDERS : participants;
  }

  private static Outcomes outcomes(RoomSpec spec) {
    RoomSettings settings = spec.settings();
    RoomSettings.Capabilities wanted = settings.capabilities();
    Outcomes outcomes =
        new Outcomes()
            .unsupportedIf(
                !settings.media().audio(), Capability.AUDIO, "Janus cannot forbid a room's audio.")
            .unsupportedIf(
                !settings.screenshareAllowed(),
                Capability.SCREENSHARE,
                "To Janus a screen is a video like any other.")
            .unsupportedIf(wanted.chat(), Capability.CHAT, ABSENT)
            .unsupportedIf(wanted.transcription(), Capability.TRANSCRIPTION, ABSENT)
            .unsupportedIf(wanted.liveCaptions(), Capability.LIVE_CAPTIONS, ABSENT)
            .unsupportedIf(wanted.rtmpStreaming(), Capability.RTMP_STREAMING, ABSENT)
            .unsupportedIf(wanted.breakoutRooms(), Capability.BREAKOUT_ROOMS, ABSENT)
            .unsupportedIf(settings.interaction().prejoin(), Capability.PREJOIN, NO_PAGE)
            .unsupportedIf(settings.interaction().knocking(), Capability.KNOCKING, ABSENT)
            .unsupportedIf(
                !settings.localization().lang().equals("auto"), Capability.LANG, NO_PAGE);
    if (!settings.media().video()) {
      outcomes.approximated(
          Capability.VIDEO,
          "Janus cannot forbid video; each sender is held to 64 kbit/s, enough for speech.");
    }
    if (wanted.recording()) {
      outcomes.approximated(Capability.RECORDING, "Raw .mjr files on the Janus server's own disk.");
    }
    if (settings.interaction().broadcastMode()) {
      outcomes.approximated(
          Capability.BROADCAST_MODE, "One sender at a time: whoever publishes first.");
    }
    if (settings.access().maxParticipants() != null) {
      outcomes.approximated(
          Capability.MAX_PARTICIPANTS, "Janus limits those who send, not those who watch.");
    }
    return expiry(spec, privacy(spec, outcomes));
  }

  private static Outcomes privacy(RoomSpec spec, Outcomes outcomes) {
    boolean signed = spec.credentialFields().contains("token_secret");
    if (signed && !spec.settings().isPrivate()) {
      outcomes.approximated(
          Capability.PRIVACY, "The room asks for a signed token; mint one for each person.");
    } else if (!signed && spec.settings().isPrivate()) {
      outcomes.approximated(
          Capability.PRIVACY,
          "The room is left out of lists; without token_secret whoever knows its name gets in.");
    }
    return outcomes;
  }

  private static Outcomes expiry(RoomSpec spec, Outcomes outcomes) {
    if (spec.settings().lifespan().expiresIn() != null) {
      Outcome reaped = spec.reaping().outcome();
      outcomes.set(Capability.EXPIRES_IN, reaped);
      if (spec.settings().lifespan().ejectAtExpiry()) {
        outcomes.set(Capability.EJECT_AT_EXPIRY, reaped);
      }
    }
    return outcomes;
  }
}
