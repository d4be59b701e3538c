package dev.gatewright.room.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.wire.RoomJson;
import org.jspecify.annotations.Nullable;

/// What a room is to be, after base, profile and overrides have been merged and checked. The JSON
/// form, snake_case, has the sections and names PailKit gave them.
public record RoomSettings(
    Media media,
    Capabilities capabilities,
    Interaction interaction,
    Access access,
    Lifespan lifespan,
    Localization localization) {

  public record Media(boolean video, boolean audio, boolean screenshareCapable) {}

  /// @param screenshare off forbids screen sharing, as `screenshare_capable` does
  /// @param rtmpUrl where a live stream goes; it usually holds the stream's key, so it is never
  ///   stored
  public record Capabilities(
      boolean chat,
      boolean recording,
      boolean transcription,
      boolean liveCaptions,
      boolean rtmpStreaming,
      boolean breakoutRooms,
      boolean screenshare,
      @Nullable String rtmpUrl) {
    @Override
    public String toString() {
      return "Capabilities[…]";
    }
  }

  public record Interaction(boolean prejoin, boolean broadcastMode, boolean knocking) {}

  /// @param privacy `public` or `private`
  /// @param maxParticipants null = the provider's own limit
  public record Access(String privacy, @Nullable Integer maxParticipants) {}

  /// @param expiresIn seconds from now; null = never
  public record Lifespan(@Nullable Integer expiresIn, boolean ejectAtExpiry) {}

  /// @param lang `auto`, or a language tag such as `en` or `pt-BR`
  public record Localization(String lang) {}

  public boolean screenshareAllowed() {
    return media.screenshareCapable() && capabilities.screenshare();
  }

  public boolean isPrivate() {
    return access.privacy().equals("private");
  }

  /// As kept with the room: without the live stream's address.
  public ObjectNode toStoredJson() {
    ObjectNode tree = RoomJson.tree(this);
    ((ObjectNode) tree.get("capabilities")).putNull("rtmp_url");
    return tree;
  }
}
