package dev.gatewright.room.settings;

import java.util.Locale;

/// What a room can be asked for, by its flat name in the API.
public enum Capability {
  VIDEO,
  AUDIO,
  SCREENSHARE,
  CHAT,
  RECORDING,
  TRANSCRIPTION,
  LIVE_CAPTIONS,
  RTMP_STREAMING,
  BREAKOUT_ROOMS,
  PREJOIN,
  BROADCAST_MODE,
  KNOCKING,
  PRIVACY,
  MAX_PARTICIPANTS,
  EXPIRES_IN,
  EJECT_AT_EXPIRY,
  LANG;

  /// `live_captions`.
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
