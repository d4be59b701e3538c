package dev.gatewright.room.provider;

import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.wire.RoomJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// What each thing a room can be asked for comes to at a provider, found by asking its own mapping.
/// The API and the reference pages show this table, so neither can differ from the code.
public final class CapabilityTable {
  /// @param asked in words, such as `on` or `private`
  private record Question(Capability capability, String asked, String overrides, Reaping reaping) {
    Question(Capability capability, String asked, String overrides) {
      this(capability, asked, overrides, Reaping.DURABLE);
    }
  }

  /// One line.
  public record Line(String name, String asked, String outcome, String reason) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question(Capability.VIDEO, "off", "{\"media\":{\"video\":false}}"),
          new Question(Capability.AUDIO, "off", "{\"media\":{\"audio\":false}}"),
          new Question(
              Capability.SCREENSHARE, "off", "{\"media\":{\"screenshare_capable\":false}}"),
          new Question(Capability.CHAT, "on", "{\"capabilities\":{\"chat\":true}}"),
          new Question(Capability.CHAT, "off", "{\"capabilities\":{\"chat\":false}}"),
          new Question(Capability.RECORDING, "on", "{\"capabilities\":{\"recording\":true}}"),
          new Question(
              Capability.TRANSCRIPTION, "on", "{\"capabilities\":{\"transcription\":true}}"),
          new Question(
              Capability.LIVE_CAPTIONS, "on", "{\"capabilities\":{\"live_captions\":true}}"),
          new Question(
              Capability.RTMP_STREAMING,
              "on, with rtmp_url",
              "{\"capabilities\":{\"rtmp_streaming\":true,\"rtmp_url\":\"rtmp://a.example/b\"}}"),
          new Question(
              Capability.BREAKOUT_ROOMS, "on", "{\"capabilities\":{\"breakout_rooms\":true}}"),
          new Question(Capability.PREJOIN, "on", "{\"interaction\":{\"prejoin\":true}}"),
          new Question(
              Capability.BROADCAST_MODE, "on", "{\"interaction\":{\"broadcast_mode\":true}}"),
          new Question(
              Capability.KNOCKING,
              "on, in a private room",
              "{\"interaction\":{\"knocking\":true},\"access\":{\"privacy\":\"private\"}}"),
          new Question(Capability.PRIVACY, "public", "{\"access\":{\"privacy\":\"public\"}}"),
          new Question(Capability.PRIVACY, "private", "{\"access\":{\"privacy\":\"private\"}}"),
          new Question(Capability.MAX_PARTICIPANTS, "10", "{\"access\":{\"max_participants\":10}}"),
          new Question(
              Capability.EXPIRES_IN, "the operator's credential", expiring(), Reaping.DURABLE),
          new Question(
              Capability.EXPIRES_IN,
              "a credential and a gateway key",
              expiring(),
              Reaping.IN_MEMORY),
          new Question(Capability.EXPIRES_IN, "a credential alone", expiring(), Reaping.ANONYMOUS),
          new Question(Capability.EJECT_AT_EXPIRY, "on", expiring()),
          new Question(Capability.LANG, "de", "{\"localization\":{\"lang\":\"de\"}}"));

  private CapabilityTable() {}

  private static String expiring() {
    return "{\"lifespan\":{\"expires_in\":3600,\"eject_at_expiry\":true}}";
  }

  public static List<Line> of(RoomProvider provider) {
    List<Line> lines = new ArrayList<>();
    Set<String> fields =
        provider.facts().credential().stream()
            .map(CredentialField::name)
            .collect(Collectors.toSet());
    for (Question question : QUESTIONS) {
      SettingsMerge.Merged merged =
          SettingsMerge.merge(
              Profile.CONVERSATION, RoomJson.parse(question.overrides()), "/overrides");
      if (!(merged instanceof SettingsMerge.Merged.Settings(RoomSettings settings))) {
        throw new IllegalStateException("a question of ours is wrong: " + merged);
      }
      RoomSpec spec =
          new RoomSpec(
              null,
              null,
              Profile.CONVERSATION.id(),
              settings,
              settings.lifespan().expiresIn() == null ? null : 3_600_000L,
              question.reaping(),
              fields);
      Outcome outcome =
          Objects.requireNonNull(provider.plan(spec).outcomes().get(question.capability()));
      lines.add(
          new Line(
              question.capability().id(),
              question.asked(),
              outcome.outcome(),
              outcome.reason() == null ? "" : outcome.reason()));
    }
    return lines;
  }
}
