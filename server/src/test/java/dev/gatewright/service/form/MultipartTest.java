package dev.gatewright.service.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.call.Body;
import dev.gatewright.edge.Exchange.Ended;
import dev.gatewright.policy.Rule;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.BodyWorld;
import dev.gatewright.testbed.Await;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {
  private static final String PATH = "/v1/audio/transcriptions";
  private static final String TYPE = "multipart/form-data; boundary=XX";
  private static final Rule MODELS = new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("tiny"));
  private static final String MODEL =
      "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n";
  private static final String FILE =
      "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n%s\r\n";
  private static final String END = "--XX--\r\n";

  @TempDir Path folder;

  @Test
  void parts_before_the_file_decide_wherever_reads_cut_them() throws Exception {
    byte[] form = bytes(MODEL + FILE.formatted("\r\n--X\r\r\n-") + END);
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      for (int cut = 1; cut < form.length; cut++) {
        var looked = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
        looked.part(Arrays.copyOf(form, cut));
        BodyWorld.Sent sent = null;
        if (looked.look != null) {
          sent = world.send(looked.ready().body());
        }
        looked.part(Arrays.copyOfRange(form, cut, form.length));
        looked.end();
        assertThat(looked.ready().model()).isEqualTo("tiny");
        sent = sent != null ? sent : world.send(looked.ready().body());
        assertThat(sent.bytes()).as("cut at %d", cut).isEqualTo(form);
        assertThat(sent.ended).isTrue();
      }
      assertThat(world.spool.bytes()).isZero();
    }
  }

  @Test
  void a_model_behind_the_file_makes_it_wait_on_disk_and_leaves_nothing_there() throws Exception {
    byte[] form = bytes(FILE.formatted("x".repeat(3_000_000)) + MODEL + END);
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var looked = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      for (int at = 0; at < form.length; at += 50_000) {
        looked.part(Arrays.copyOfRange(form, at, Math.min(form.length, at + 50_000)));
      }
      looked.end();
      BodyRule.Look.Ready ready = looked.ready();
      assertThat(ready.model()).isEqualTo("tiny");
      assertThat(world.spool.bytes()).isEqualTo(form.length);

      BodyWorld.Sent sent = world.send(ready.body());
      Await.until(() -> sent.ended);
      assertThat(sent.bytes()).isEqualTo(form);
      world.run(() -> {
        ready.body().release();
        return true;
      });
      assertNothingLeft(world);
    }
  }

  @Test
  void an_upload_that_waited_for_its_model_rests_while_the_backend_takes_nothing()
      throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var looked = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      String begun = MODEL + FILE.substring(0, FILE.indexOf("%s"));
      looked.part(bytes(begun));
      Body body = looked.ready().body();
      assertThat(looked.exchange.paused).as("until it is known where it goes").isTrue();
      world.run(() -> {
        body.pause();
        return true;
      });
      BodyWorld.Sent sent = world.send(body);
      assertThat(sent.bytes()).isEqualTo(bytes(begun));
      assertThat(looked.exchange.paused).as("while the backend is full").isTrue();
      world.run(() -> {
        body.resume();
        return true;
      });
      assertThat(looked.exchange.paused).isFalse();
    }
  }

  @Test
  void nothing_is_left_when_the_caller_leaves_or_the_form_is_refused() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var left = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      left.part(bytes(FILE.formatted("x".repeat(100_000)).replace("\r\n--", "")));
      world.run(() -> {
        Objects.requireNonNull(left.exchange.onEnded).accept(Ended.GONE);
        return true;
      });
      var nameless = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      nameless.part(bytes(FILE.formatted("abc") + END));
      nameless.end();
      assertThat(nameless.refusal().message()).startsWith("model: missing");
      assertNothingLeft(world);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--XX\r\nContent-Disposition: form-data; name=\"Model\"\r\n\r\ntiny\r\n--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"model\"; name=\"x\"\r\n\r\ntiny\r\n--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"mo\\del\"\r\n\r\ntiny\r\n--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name*=utf-8''model\r\n\r\ntiny\r\n--XX--\r\n",
        "--XX\nContent-Disposition: form-data; name=\"model\"\n\ntiny\n--XX--\n",
        "x--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n--XX--\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ntiny\r\n",
        MODEL + END + MODEL + END,
        MODEL + END + "x",
      })
  void refuses_a_form_that_could_be_read_in_two_ways(String form) throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var looked = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      looked.part(form);
      if (looked.look == null) {
        looked.end();
      }
      if (looked.look instanceof BodyRule.Look.Ready ready) {
        BodyWorld.Sent sent = world.send(ready.body());
        looked.end();
        assertThat(sent.refusal).isNotNull();
      } else {
        assertThat(looked.refusal().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void a_second_model_ends_a_form_that_already_streams() throws Exception {
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var looked = world.look(PATH, TYPE, BodyWorld.caller(MODELS));
      looked.part(MODEL + "--XX");
      BodyWorld.Sent sent = world.send(looked.ready().body());
      looked.part(MODEL.substring("--XX".length()).replace("tiny", "huge"));

      assertThat(Objects.requireNonNull(sent.refusal).message()).startsWith("model: given twice");
      assertThat(sent.ended).isFalse();
    }
  }

  @Test
  void streams_straight_through_for_a_key_without_rules_and_reads_the_recordings_length()
      throws Exception {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(bytes(FILE.substring(0, FILE.indexOf("%s"))));
    form.writeBytes(wave(32_000, 112_000));
    form.writeBytes(bytes("\r\n" + END));
    try (BodyWorld world = new BodyWorld(folder, "preset: speaches")) {
      var looked = world.look(PATH, TYPE, BodyWorld.caller());
      BodyWorld.Sent sent = world.send(looked.ready().body());
      looked.part(form.toByteArray());
      looked.end();

      assertThat(sent.bytes()).isEqualTo(form.toByteArray());
      var headers = new io.netty.handler.codec.http.DefaultHttpHeaders();
      headers.set("content-type", "text/plain");
      assertThat(looked.ready().measure().open(200, headers).usage().quantity()).isEqualTo(3_500);
    }
  }

  @Test
  void deletes_at_the_start_what_an_earlier_process_left() throws Exception {
    Path left = Files.createDirectories(folder.resolve("spool")).resolve("upload-1");
    Files.writeString(left, "x");

    new BodySpool(folder.resolve("spool")).close();

    assertThat(left).doesNotExist();
  }

  private void assertNothingLeft(BodyWorld world) {
    Await.until(() -> world.spool.bytes() == 0);
    assertThat(folder.resolve("spool").toFile().list()).isNullOrEmpty();
  }

  private static byte[] wave(int bytesPerSecond, int dataBytes) {
    ByteBuffer wave = ByteBuffer.allocate(44 + 100).order(ByteOrder.LITTLE_ENDIAN);
    wave.put(bytes("RIFF")).putInt(36 + dataBytes).put(bytes("WAVEfmt ")).putInt(16);
    wave.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(bytesPerSecond);
    wave.putShort((short) 2).putShort((short) 16).put(bytes("data")).putInt(dataBytes);
    return wave.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
