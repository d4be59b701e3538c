package dev.gatewright.room.provider.daily;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.room.Specs;
import dev.gatewright.room.provider.RoomPlan;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.wire.RoomJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// PailKit's own payloads, measured by running its code, against ours: the same where they were
/// right, and each defect of theirs mended.
class PailkitPayloadTest {
  static Stream<JsonNode> cases() throws IOException {
    try (InputStream in =
        PailkitPayloadTest.class.getResourceAsStream("/room/pailkit-daily-payloads.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return Objects.requireNonNull(RoomJson.parse(text)).path("cases").valueStream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reproduces_what_pailkit_sent_where_it_was_right(JsonNode example) {
    ObjectNode theirs = right(example.path("payload").deepCopy());
    ObjectNode ours = plan(example).payload();

    assertThat(ours.path("privacy")).isEqualTo(theirs.path("privacy"));
    for (Map.Entry<String, JsonNode> property : theirs.path("properties").properties()) {
      assertThat(ours.path("properties").path(property.getKey()).toString())
          .as(property.getKey())
          .isEqualTo(property.getValue().toString());
    }
  }

  /// Takes out what was wrong; a test below names each.
  private static ObjectNode right(ObjectNode payload) {
    ObjectNode properties = (ObjectNode) payload.get("properties");
    properties.remove("rtmp_ingress");
    if (properties.path("enable_recording").isBoolean()) {
      properties.remove("enable_recording");
    }
    if (properties.path("auto_transcription_settings") instanceof ObjectNode transcription
        && transcription.path("language").asText().equals("auto")) {
      transcription.remove("language");
    }
    return payload;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void merges_profiles_and_overrides_as_pailkit_did(JsonNode example) {
    JsonNode ours = RoomJson.tree(plan(example).spec().settings());
    for (Map.Entry<String, JsonNode> section : example.path("config").properties()) {
      for (Map.Entry<String, JsonNode> value : section.getValue().properties()) {
        // `workshop` wrote capabilities.screenshare_capable, which nothing read.
        if (!value.getKey().equals("screenshare_capable") || section.getKey().equals("media")) {
          assertThat(ours.path(section.getKey()).path(value.getKey()))
              .as(section.getKey() + "." + value.getKey())
              .isEqualTo(value.getValue());
        }
      }
    }
  }

  @Test
  void video_off_forbids_video_instead_of_starting_muted_only() {
    JsonNode properties = properties("{'media':{'video':false,'screenshare_capable':false}}");

    assertThat(properties.path("start_video_off").booleanValue()).isTrue();
    assertThat(properties.path("permissions").path("canSend").toString()).isEqualTo("[\"audio\"]");
  }

  @Test
  void audio_off_is_mapped() {
    JsonNode properties = properties("{'media':{'audio':false}}");

    assertThat(properties.path("start_audio_off").booleanValue()).isTrue();
    assertThat(properties.path("permissions").path("canSend"))
        .hasToString("[\"video\",\"screenVideo\",\"screenAudio\"]");
  }

  @Test
  void recording_off_leaves_the_property_unset_since_false_is_not_one_of_its_values() {
    assertThat(properties("{'capabilities':{'recording':false}}").has("enable_recording"))
        .isFalse();
    assertThat(properties("{'capabilities':{'recording':true}}").path("enable_recording"))
        .hasToString("\"cloud\"");
  }

  @Test
  void transcription_sends_no_language_auto() {
    JsonNode automatic = properties("{'capabilities':{'transcription':true}}");
    JsonNode german =
        properties("{'capabilities':{'transcription':true},'localization':{'lang':'de'}}");

    assertThat(automatic.path("auto_transcription_settings").has("language")).isFalse();
    assertThat(german.path("auto_transcription_settings").path("language")).hasToString("\"de\"");
  }

  @Test
  void rtmp_uses_streaming_endpoints_and_no_placeholder() {
    JsonNode with =
        properties("{'capabilities':{'rtmp_streaming':true,'rtmp_url':'rtmp://live.example/a/k'}}");

    assertThat(with.has("rtmp_ingress")).isFalse();
    assertThat(with.path("streaming_endpoints"))
        .hasToString(
            "[{\"name\":\"rtmp\",\"type\":\"rtmp\",\"rtmp_config\":"
                + "{\"url\":\"rtmp://live.example/a/k\"}}]");
    assertThat(properties("{'capabilities':{'rtmp_streaming':true}}").has("streaming_endpoints"))
        .isFalse();
    assertThat(outcome("{'capabilities':{'rtmp_streaming':true}}", Capability.RTMP_STREAMING))
        .isEqualTo("unsupported");
  }

  @Test
  void captions_and_breakout_rooms_say_they_are_prebuilt_only() {
    assertThat(outcome("{'capabilities':{'live_captions':true}}", Capability.LIVE_CAPTIONS))
        .isEqualTo("approximated");
    assertThat(outcome("{'capabilities':{'breakout_rooms':true}}", Capability.BREAKOUT_ROOMS))
        .isEqualTo("approximated");
  }

  @Test
  void knocking_is_mapped() {
    assertThat(
            properties("{'interaction':{'knocking':true},'access':{'privacy':'private'}}")
                .path("enable_knocking")
                .booleanValue())
        .isTrue();
  }

  @Test
  void max_participants_stands_among_the_properties_and_within_daily_s_range() {
    ObjectNode body = plan("{'access':{'max_participants':10}}").payload();

    assertThat(body.has("max_participants")).isFalse();
    assertThat(body.path("properties").path("max_participants").intValue()).isEqualTo(10);
    assertThat(
            properties("{'access':{'max_participants':500}}").path("max_participants").intValue())
        .isEqualTo(200);
  }

  @Test
  void lang_is_mapped_to_daily_s_own_codes() {
    assertThat(properties("{}").path("lang")).hasToString("\"user\"");
    assertThat(properties("{'localization':{'lang':'ja'}}").path("lang")).hasToString("\"jp\"");
    assertThat(properties("{'localization':{'lang':'pt-br'}}").path("lang"))
        .hasToString("\"pt-BR\"");
    assertThat(properties("{'localization':{'lang':'de-AT'}}").path("lang")).hasToString("\"de\"");
    assertThat(properties("{'localization':{'lang':'zu'}}").has("lang")).isFalse();
  }

  @Test
  void everything_applied_says_so() {
    assertThat(plan("{'access':{'privacy':'private','max_participants':5}}").outcomes().values())
        .allMatch(Outcome::isApplied);
  }

  private static JsonNode properties(String overrides) {
    return plan(overrides).payload().path("properties");
  }

  private static String outcome(String overrides, Capability capability) {
    return Objects.requireNonNull(plan(overrides).outcomes().get(capability)).outcome();
  }

  private static RoomPlan plan(String overrides) {
    return DailyMapping.plan(Specs.of(null, Profile.CONVERSATION, overrides, Set.of()));
  }

  private static RoomPlan plan(JsonNode example) {
    @Nullable JsonNode overrides = example.get("overrides");
    Profile profile = Objects.requireNonNull(Profile.of(example.path("profile").asText()));
    return DailyMapping.plan(Specs.of(null, profile, overrides, Set.of()));
  }
}
