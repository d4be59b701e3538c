package dev.gatewright.room.provider.livekit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Outcomes;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.wire.RoomJson;

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
    ObjectNode metadata = RoomJson.object();
    metadata.put("profile", spec.profile()).set("settings", settings.toStoredJson());
    body.put("metadata", RoomJson.text(metadata));
    return new RoomPlan(spec, body, outcomes(spec).toMap());
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
