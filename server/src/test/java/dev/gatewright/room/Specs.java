package dev.gatewright.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.provider.Reaping;
import dev.gatewright.room.provider.RoomSpec;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.wire.RoomJson;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rooms to be, for tests of the mappings. The clock stands at [#NOW_MILLIS].
public final class Specs {
  public static final long NOW_MILLIS = 1_800_000_000_000L;

  private Specs() {}

  /// @param overrides JSON with single quotes, or null
  public static RoomSpec of(
      @Nullable String name, Profile profile, @Nullable String overrides, Set<String> fields) {
    return of(name, profile, overrides == null ? null : json(overrides), fields);
  }

  public static RoomSpec of(
      @Nullable String name, Profile profile, @Nullable JsonNode overrides, Set<String> fields) {
    RoomSettings settings = settings(profile, overrides);
    Integer expiresIn = settings.lifespan().expiresIn();
    return new RoomSpec(
        null,
        name,
        profile.id(),
        settings,
        expiresIn == null ? null : NOW_MILLIS + expiresIn * 1000L,
        Reaping.DURABLE,
        fields);
  }

  public static RoomSettings settings(Profile profile, @Nullable JsonNode overrides) {
    return ((SettingsMerge.Merged.Settings) SettingsMerge.merge(profile, overrides, "/overrides"))
        .settings();
  }

  /// JSON written with single quotes.
  public static JsonNode json(String text) {
    return Objects.requireNonNull(RoomJson.parse(text.replace('\'', '"')));
  }
}
