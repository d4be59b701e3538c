package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.relay.Origin;
import dev.gatewright.room.config.RoomConfig;
import org.junit.jupiter.api.Test;

class RoomConfigTest {
  @Test
  void nothing_written_opens_everything_and_has_no_credential() {
    RoomConfig config = from("");

    assertThat(config.open()).containsExactlyInAnyOrder("daily", "livekit", "janus");
    assertThat(config.anonymous()).isTrue();
    assertThat(config.provider("daily").credential()).isEmpty();
    assertThat(config.privateOrigins()).isEmpty();
  }

  @Test
  void reads_addresses_and_credentials() {
    RoomConfig config =
        from(
            """
            byok: { anonymous: { rooms: false } }
            rooms:
              open: [daily, janus]
              providers:
                daily: { base-url: "http://127.0.0.1:9/v1", allow-private: true, credential: k }
                janus:
                  allow-private: true
                  credential: { url: "http://10.0.0.1:8088/janus", token_secret: t }
            """);

    assertThat(config.open()).containsExactlyInAnyOrder("daily", "janus");
    assertThat(config.anonymous()).isFalse();
    assertThat(config.provider("daily").credential()).containsOnlyKeys("api_key");
    assertThat(config.provider("janus").credential()).containsOnlyKeys("url", "token_secret");
    assertThat(config.privateOrigins())
        .containsExactlyInAnyOrder(
            new Origin(false, "127.0.0.1", 9), new Origin(false, "10.0.0.1", 8088));
    assertThat(config.toString()).doesNotContain("credential=k");
  }

  @Test
  void wrong_settings_stop_the_start_and_show_no_secret() {
    assertThatThrownBy(() -> from("rooms: { open: [zoom] }"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("rooms.open: zoom (expected: daily, livekit, janus)");
    assertThatThrownBy(
            () -> from("rooms: { providers: { livekit: { credential: { api_secret: s3cret } } } }"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("url is missing")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> from("rooms: { providers: { daily: { base-url: 'ftp://x' } } }"))
        .isInstanceOf(InvalidSetting.class);
  }

  private static RoomConfig from(String yaml) {
    Settings settings = ConfigSources.ofText(yaml).load();
    RoomConfig config = RoomConfig.from(settings);
    settings.rejectUnknown();
    return config;
  }
}
