package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A gate with one service of each preset, `s-` and the preset's name, all served by the fake.
final class EveryPreset {
  private static final String BOUNDARY = "----gatewright-test";

  private EveryPreset() {}

  static GateWorld world() {
    return GateWorld.with((setup, fake) -> {
      StringBuilder yaml = new StringBuilder("services:\n");
      for (Preset preset : Presets.all()) {
        yaml.append(
            """
              - id: s-%s
                preset: %s
                instances: [http://127.0.0.1:%d]
                %s
            """
                .formatted(
                    preset.id(),
                    preset.id(),
                    fake.port(),
                    preset.id().equals("http") ? "allow: [GET /x, POST /y/*]" : ""));
      }
      return setup.settings(yaml.toString());
    });
  }

  /// The script for calls of the test; probes get a plain 200.
  static void answer(GateWorld world, Script script) {
    answer(world.provider(), script);
  }

  static void answer(FakeProvider fake, Script script) {
    fake.answer((request, wire) -> {
      if (request.header("x-test") == null) {
        wire.json(200, "{}");
      } else {
        script.answer(request, wire);
      }
    });
  }

  static RawClient.Answer get(GateWorld world, String path) throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.get(path, world.key(), "x-test: 1").answer();
    }
  }

  static RawClient.Answer post(GateWorld world, String path, String json) throws IOException {
    return world.post(path, json, "x-test: 1");
  }

  /// A form with a recording in it.
  static RawClient.Answer upload(GateWorld world, String path, String field) throws IOException {
    byte[] body =
        """
        --%1$s\r
        content-disposition: form-data; name="%2$s"; filename="a.ogg"\r
        content-type: audio/ogg\r
        \r
        OggS\r
        --%1$s--\r
        """
            .formatted(BOUNDARY, field)
            .getBytes(StandardCharsets.UTF_8);
    try (RawClient caller = world.caller()) {
      return caller
          .request(
              "POST",
              path,
              world.key(),
              new byte[0],
              "x-test: 1",
              "content-type: multipart/form-data; boundary=" + BOUNDARY,
              "content-length: " + body.length)
          .send(body)
          .answer();
    }
  }

  /// The call's row, once it is there.
  static UsageRows.Row row(GateWorld world, RawClient.Answer answer) throws Exception {
    String id = String.valueOf(answer.header("x-request-id"));
    // Whoever asks for the usage does not wait for the next projection.
    world.admin().usage("by=model");
    Await.until("the row of " + id, Duration.ofSeconds(20), () -> !rows(world, id).isEmpty());
    List<UsageRows.Row> rows = rows(world, id);
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private static List<UsageRows.Row> rows(GateWorld world, String id) throws Exception {
    return UsageRows.sqlite(world.data()).stream()
        .filter(row -> row.requestId().equals(id))
        .toList();
  }
}
