package dev.gatewright.room.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.wire.RoomJson;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A named kind of room: what it sets differently from the base. The values are PailKit's.
public enum Profile {
  CONVERSATION("{}"),
  AUDIO_ROOM(
      """
      {"media":{"video":false,"screenshare_capable":false},"interaction":{"prejoin":false}}\
      """),
  BROADCAST(
      """
      {"capabilities":{"recording":true,"transcription":true,"live_captions":true},
       "interaction":{"broadcast_mode":true}}\
      """),
  PODCAST(
      """
      {"media":{"video":false,"screenshare_capable":false},
       "capabilities":{"chat":false,"recording":true,"transcription":true}}\
      """),
  LIVE_STREAM(
      """
      {"capabilities":{"recording":true,"rtmp_streaming":true},
       "interaction":{"broadcast_mode":true}}\
      """),
  WORKSHOP(
      """
      {"capabilities":{"recording":true,"transcription":true,"live_captions":true,
       "breakout_rooms":true}}\
      """);

  private final String settings;

  Profile(String settings) {
    this.settings = settings;
  }

  /// As it appears in the API: `audio_room`.
  public String id() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /// A fresh tree of what this profile sets.
  ObjectNode settings() {
    return (ObjectNode) Objects.requireNonNull(RoomJson.parse(settings));
  }

  /// The profile of that name, or null.
  public static @Nullable Profile of(String id) {
    for (Profile profile : values()) {
      if (profile.id().equals(id)) {
        return profile;
      }
    }
    return null;
  }

  /// All names, for messages.
  public static String names() {
    return Arrays.stream(values()).map(Profile::id).collect(Collectors.joining(", "));
  }
}
