package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.settings.SettingsMerge;
import dev.gatewright.room.wire.RoomJson;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsMergeTest {
  @Test
  void overrides_win_over_profile_and_profile_over_base() {
    RoomSettings settings =
        merged(Profile.BROADCAST, "{'capabilities':{'chat':false},'access':{'privacy':'private'}}");

    assertThat(settings.capabilities().chat()).isFalse();
    assertThat(settings.capabilities().recording()).isTrue();
    assertThat(settings.interaction().broadcastMode()).isTrue();
    assertThat(settings.media().video()).isTrue();
    assertThat(settings.isPrivate()).isTrue();
  }

  @Test
  void absent_null_and_empty_overrides_are_equal() {
    RoomSettings empty = merged(Profile.PODCAST, "{}");

    assertThat(merged(Profile.PODCAST, "null")).isEqualTo(empty);
    assertThat(SettingsMerge.merge(Profile.PODCAST, null, "/overrides"))
        .isEqualTo(new SettingsMerge.Merged.Settings(empty));
  }

  @Test
  void null_replaces_a_number() {
    RoomSettings first = merged(Profile.CONVERSATION, "{'lifespan':{'expires_in':60}}");
    SettingsMerge.Merged second =
        SettingsMerge.merge(first, json("{'lifespan':{'expires_in':null}}"), "/overrides");

    assertThat(first.lifespan().expiresIn()).isEqualTo(60);
    assertThat(second)
        .isInstanceOfSatisfying(
            SettingsMerge.Merged.Settings.class,
            settings -> assertThat(settings.settings().lifespan().expiresIn()).isNull());
  }

  @Test
  void live_stream_address_is_not_stored() {
    RoomSettings settings =
        merged(Profile.LIVE_STREAM, "{'capabilities':{'rtmp_url':'rtmp://live.example/app/KEY'}}");

    assertThat(settings.capabilities().rtmpUrl()).isEqualTo("rtmp://live.example/app/KEY");
    assertThat(settings.toStoredJson().toString()).doesNotContain("KEY");
    assertThat(settings.toString()).doesNotContain("KEY");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                          | /overrides
          {'capabilities':'x'}                        | /overrides/capabilities
          {'lifespan':{'expires_in':'60'}}            | /overrides/lifespan/expires_in
          {'lifespan':{'expires_in':0}}               | /overrides/lifespan/expires_in
          {'lifespan':{'expires_in':1.5}}             | /overrides/lifespan/expires_in
          {'lifespan':{'expires_in':99999999999}}     | /overrides/lifespan/expires_in
          {'capabilities':{'recording':'yes'}}        | /overrides/capabilities/recording
          {'capabilities':{'chat':null}}              | /overrides/capabilities/chat
          {'access':{'privacy':'secret'}}             | /overrides/access/privacy
          {'access':{'max_participants':true}}        | /overrides/access/max_participants
          {'localization':{'lang':'not a language'}}  | /overrides/localization/lang
          {'capabilities':{'rtmp_url':'http://x'}}    | /overrides/capabilities/rtmp_url
          {'capabilities':{'screenshare_capable':1}}  | /overrides/capabilities/screenshare_capable
          {'exit':{}}                                 | /overrides/exit
          {'a/b~c':{}}                                | /overrides/a~1b~0c
          """)
  void wrong_overrides_are_named_by_pointer(String overrides, String pointer) {
    SettingsMerge.Merged merged =
        SettingsMerge.merge(Profile.CONVERSATION, json(overrides), "/overrides");

    assertThat(merged)
        .isInstanceOfSatisfying(
            SettingsMerge.Merged.Wrong.class,
            wrong -> {
              assertThat(wrong.violations().pointer()).isEqualTo(pointer);
              assertThat(wrong.violations().message())
                  .startsWith(pointer + ": ")
                  .contains("(expected: ");
            });
  }

  @Test
  void the_first_violations_are_named_and_the_rest_counted() {
    assertThat(message("{'media':{'video':1,'sound':true},'lifespan':3}"))
        .isEqualTo(
            "/overrides/media/video: 1; wrong too: /overrides/media/sound, /overrides/lifespan"
                + " (expected: true or false)");
    StringBuilder many = new StringBuilder("{'capabilities':{'\u0436\u0436':0");
    for (int i = 0; i < 5_000; i++) {
      many.append(",'").append(Integer.toString(i, 36)).append("':0");
    }
    assertThat(message(many.append("}}").toString())).contains(" and 4998 more (expected: ");
  }

  @Test
  void names_of_callers_are_cut_and_carry_nothing_a_terminal_obeys() {
    assertThat(message("{'" + "😀".repeat(400) + "':1}")).hasSizeLessThan(200).contains("😀…:");
    assertThat(message("{'\\u001b[2J':1}")).startsWith("/overrides/?[2J: unknown section");
  }

  private static String message(String overrides) {
    SettingsMerge.Merged merged =
        SettingsMerge.merge(Profile.CONVERSATION, json(overrides), "/overrides");
    return ((SettingsMerge.Merged.Wrong) merged).violations().message();
  }

  @Test
  void a_wrong_live_stream_address_is_not_repeated() {
    SettingsMerge.Merged merged =
        SettingsMerge.merge(
            Profile.LIVE_STREAM, json("{'capabilities':{'rtmp_url':'x://KEY'}}"), "/overrides");

    assertThat(merged.toString()).doesNotContain("KEY");
  }

  private static RoomSettings merged(Profile profile, String overrides) {
    return ((SettingsMerge.Merged.Settings)
            SettingsMerge.merge(profile, json(overrides), "/overrides"))
        .settings();
  }

  private static JsonNode json(String text) {
    return Objects.requireNonNull(RoomJson.parse(text.replace('\'', '"')));
  }
}
