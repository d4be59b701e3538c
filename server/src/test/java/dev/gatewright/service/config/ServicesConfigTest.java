package dev.gatewright.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.AllowList;
import dev.gatewright.service.preset.PathMode;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesConfigTest {
  private static ServicesConfig read(String yaml) throws IOException {
    Settings settings = ConfigSources.ofText(yaml).load();
    ServicesConfig config = ServicesConfig.from(settings);
    settings.rejectUnknown();
    return config;
  }

  @Test
  void reads_every_key() throws IOException {
    ServiceConfig chat =
        read("""
        services:
          - id: chat
            preset: ollama
            instances: [http://10.0.0.5:11434, http://10.0.0.6:11434]
            path: keep-api
            concurrency: 2
            queue: { length: 8, wait: 90s }
            max-upload: 512MiB
            credential: { basic: "u:p" }
            sockets: { max: 3, idle: 1h }
        """)
            .services()
            .getFirst();
    assertThat(chat.instances()).hasSize(2);
    assertThat(chat.concurrency()).isEqualTo(2);
    assertThat(chat.queueLength()).isEqualTo(8);
    assertThat(chat.queueWait()).isEqualTo(Duration.ofSeconds(90));
    assertThat(chat.uploadBytesMax()).isEqualTo(512L << 20);
    ServiceCredential credential = Objects.requireNonNull(chat.credential());
    assertThat(credential.header()).isEqualTo("authorization");
    assertThat(credential.value().expose()).isEqualTo("Basic dTpw");
    assertThat(chat.path()).isEqualTo(PathMode.KEEP_API);
    assertThat(chat.sockets()).isEqualTo(new SocketLimits(3, Duration.ofHours(1)));
  }

  @Test
  void a_preset_takes_deadlines_and_more_paths() throws IOException {
    ServiceConfig paint =
        read("""
        services:
          - id: paint
            preset: a1111
            instances: http://127.0.0.1:9
            timeouts: { first-byte: 30m }
            allow: [POST /sdapi/v1/extra-single-image, GET /sdapi/*]
        """)
            .services()
            .getFirst();
    assertThat(paint.phases().firstByte()).isEqualTo(Duration.ofMinutes(30));
    assertThat(paint.phases().connect()).isEqualTo(paint.preset().phases().connect());
    assertThat(paint.phases().idle()).isEqualTo(paint.preset().phases().idle());
    AllowList list = new AllowList(paint.endpoints());
    assertThat(list.match("POST", "/sdapi/v1/extra-single-image")).isEqualTo(Access.USE);
    assertThat(list.match("POST", "/sdapi/v1/txt2img")).isEqualTo(Access.USE);
    // An open path does not take from managing keys what the preset keeps for them.
    assertThat(list.match("GET", "/sdapi/v1/memory")).isEqualTo(Access.MANAGE);
  }

  @Test
  void every_preset_needs_an_id_and_an_address_only() throws IOException {
    for (Preset preset : Presets.all()) {
      String yaml =
          "services: [{ id: one, preset: %s, instances: [http://127.0.0.1:9] }]"
              .formatted(preset.id());
      assertThat(read(yaml).services()).singleElement().extracting("preset").isEqualTo(preset);
    }
  }

  @Test
  void reads_the_list_of_preset_http() throws IOException {
    AllowList list =
        new AllowList(
            read("""
            services:
              - id: any
                preset: http
                instances: http://127.0.0.1:9
                allow: [GET /x, POST /y/*]
            """)
                .services()
                .getFirst()
                .endpoints());
    assertThat(list.match("GET", "/x")).isEqualTo(Access.USE);
    assertThat(list.match("HEAD", "/x")).isEqualTo(Access.USE);
    assertThat(list.match("POST", "/y/")).isEqualTo(Access.USE);
    assertThat(list.match("POST", "/y/a/b")).isEqualTo(Access.USE);
    assertThat(list.match("POST", "/y")).isEqualTo(Access.NONE);
    assertThat(list.match("POST", "/x")).isEqualTo(Access.NONE);
    assertThat(list.match("GET", "/x/")).isEqualTo(Access.NONE);
    assertThat(list.match("GET", "/X")).isEqualTo(Access.NONE);
    assertThat(list.match("GET", "/%78")).isEqualTo(Access.NONE);
    assertThat(list.match("POST", "/y/%252e%252e/x")).isEqualTo(Access.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id: v1, preset: piper, instances: [http://h:1]                      | services[0].id: v1
          id: x, preset: piper, instances: [http://h:1]                       | services[0].id: x
          id: Chat, preset: piper, instances: [http://h:1]                    | services[0].id: Chat
          id: chat, preset: olama, instances: [http://h:1]                    | services[0].preset: olama
          id: chat, preset: piper                                             | services[0].instances: 0
          id: chat, preset: piper, instances: [h:1]                           | services[0].instances: h:1
          id: chat, preset: piper, instances: [http://h:1, http://h:1]        | services[0].instances: http://h:1
          id: chat, preset: piper, instances: [http://h:1], path: api         | services[0].path: api
          id: chat, preset: piper, instances: [http://h:1], allow: [POST /download] | services[0].allow: POST /download
          id: chat, preset: piper, instances: [http://h:1], timeouts: { first-byte: 0s } | services[0].timeouts.first-byte
          id: chat, preset: piper, instances: [http://h:1], timeouts: { idle: 25h } | services[0].timeouts.idle
          id: chat, preset: piper, instances: [http://h:1], timeouts: { total: 1h } | services[0].timeouts.total
          id: chat, preset: http, instances: [http://h:1], allow: [/x]        | services[0].allow: /x
          id: chat, preset: http, instances: [http://h:1], allow: [GET /a/../b] | services[0].allow: GET /a/../b
          id: chat, preset: http, instances: [http://h:1], allow: [GET /*/b]  | services[0].allow: GET /*/b
          id: chat, preset: http, instances: [http://h:1], queue: { wait: 0s } | services[0].queue.wait
          id: chat, preset: http, instances: [http://h:1], sockets: { idle: 0s } | services[0].sockets.idle
          id: chat, preset: http, instances: [http://h:1], sockets: { max: -1 } | services[0].sockets.max
          id: chat, preset: http, instances: [http://h:1], queue: { lenth: 1 } | services[0].queue.lenth
          id: chat, preset: http, instances: [http://h:1], max-upload: 0      | services[0].max-upload: 0
          id: chat, preset: http, instances: [http://h:1], credential: { header: x } | services[0].credential
          id: chat, preset: http, instances: [http://h:1], credential: { bearer: a, basic: "b:c" } | services[0].credential
          """)
  void refuses_what_does_not_fit_and_says_where(String service, String message) {
    assertThatThrownBy(() -> read("services: [{ " + service + " }]"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void keeps_ollamas_own_api_and_its_openai_face_apart() {
    assertThat(PathMode.KEEP_API.backendPath("/api/tags")).isEqualTo("/api/tags");
    assertThat(PathMode.KEEP_API.backendPath("/api/v1/models")).isEqualTo("/v1/models");
    assertThat(PathMode.KEEP_API.backendPath("/api/v1")).isEqualTo("/api/v1");
    assertThat(PathMode.AFTER_API.backendPath("/api/v1/audio/speech"))
        .isEqualTo("/v1/audio/speech");
    assertThat(PathMode.AFTER_API.backendPath("/api/")).isEqualTo("/");
  }
}
