package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The home set-up of `examples/self-hosted`, run: the real espeak-ng and the real Caddy, curl, and
/// the web client's own module.
@Tag("system")
class HomeSystemTest {
  private static final String SENTENCE = "Grüße von hinter dem Tor.";

  @TempDir private Path folder;

  @Test
  void a_sentence_comes_back_as_sound_and_is_counted_in_characters() throws Exception {
    try (HomeWorld world = HomeWorld.start(folder)) {
      byte[] wav = speak(world, "{\"input\":\"" + SENTENCE + "\",\"voice\":\"de\"}", 200);
      assertThat(secondsOfSound(wav)).isBetween(1.0, 10.0);
      Await.until(
          "the usage row",
          Duration.ofSeconds(20),
          () -> characters(world) == SENTENCE.codePointCount(0, SENTENCE.length()));
      // The server's own refusals reach the caller as they are; nothing is spoken, nothing counted.
      byte[] refused = speak(world, "{\"input\":\"x\",\"voice\":\"../../etc/passwd\"}", 400);
      assertThat(new String(refused, StandardCharsets.UTF_8))
          .contains("voice: ../../etc/passwd (expected:");
      speak(world, "{\"input\":\"" + "x".repeat(5000) + "\"}", 400);
    }
  }

  private static byte[] speak(HomeWorld world, String body, int expected) throws IOException {
    try (RawClient caller = world.gate().caller()) {
      RawClient.Answer answer =
          caller
              .post(
                  "/tts/api/v1/audio/speech",
                  world.key(),
                  body,
                  "content-type: application/json",
                  "x-gatewright-edge: " + HomeWorld.SECRET)
              .answer();
      assertThat(answer.status()).describedAs(body).isEqualTo(expected);
      return answer.body();
    }
  }

  private static long characters(HomeWorld world) throws Exception {
    long sum = 0;
    for (JsonNode row : world.gate().admin().usage("by=model")) {
      sum += row.get("characters").asLong();
    }
    return sum;
  }

  /// Zero when every sample is zero.
  private static double secondsOfSound(byte[] wav) throws Exception {
    try (AudioInputStream sound = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
      assertThat(sound.getFormat().getChannels()).isEqualTo(1);
      byte[] samples = sound.readAllBytes();
      assertThat((long) samples.length)
          .isEqualTo(sound.getFrameLength() * sound.getFormat().getFrameSize());
      for (byte each : samples) {
        if (each > 16) {
          return sound.getFrameLength() / (double) sound.getFormat().getFrameRate();
        }
      }
      return 0;
    }
  }

  @Test
  void curl_chats_speaks_and_transcribes_through_caddy() throws Exception {
    try (HomeWorld world = HomeWorld.start(folder)) {
      String printed =
          run(world, List.of("bash", HomeWorld.EXAMPLE.resolve("curl.sh").toString(), "."));
      assertThat(printed)
          .contains("\"content\":\" wörld\"", "data: [DONE]", "Hello from behind the gate.")
          .doesNotContain(world.key());
      assertThat(secondsOfSound(Files.readAllBytes(folder.resolve("hello.wav"))))
          .isBetween(1.0, 10.0);
      assertThat(world.whisper().seen())
          .anySatisfy(request -> assertThat(request.text()).contains("RIFF", "hello.wav"));
    }
  }

  @Test
  void the_web_client_comes_from_the_gate_s_own_address_and_works() throws Exception {
    try (HomeWorld world = HomeWorld.start(folder)) {
      FrontProxy.Answer page = world.caddy().inline("GET", "/");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.headers().get("content-security-policy")).startsWith("default-src 'self'");
      assertThat(page.body()).contains("page.mjs");
      for (String script : List.of("/gate.mjs", "/page.mjs")) {
        assertThat(world.caddy().inline("GET", script).headers().get("content-type"))
            .contains("javascript");
      }
      assertThat(world.caddy().inline("GET", "/api/keys").status()).isEqualTo(404);
      assertThat(world.caddy().inline("GET", "/chat/api/tags").status()).isEqualTo(401);
      String client = HomeWorld.EXAMPLE.resolve(Path.of("web", "gate.mjs")).toUri().toString();
      Path script = Files.writeString(folder.resolve("use.mjs"), useOf(client));
      assertThat(run(world, List.of("node", script.toString()))).contains("ok web client");
    }
  }

  @Test
  void only_pages_of_the_named_origin_may_call_from_elsewhere() throws Exception {
    try (HomeWorld world = HomeWorld.start(folder)) {
      FrontProxy.Answer asked = preflight(world, "https://app.example");
      assertThat(asked.status()).isEqualTo(204);
      assertThat(asked.headers())
          .containsEntry("access-control-allow-origin", "https://app.example")
          .containsEntry("access-control-allow-headers", "Authorization, Content-Type");
      FrontProxy.Answer stranger = preflight(world, "https://evil.example");
      assertThat(stranger.status()).isEqualTo(401);
      assertThat(stranger.headers()).doesNotContainKey("access-control-allow-origin");
      // What follows the question, refusals included, or the page could not tell why.
      FrontProxy.Answer refused =
          world.caddy().inline("GET", "/chat/api/tags", "Origin: https://app.example");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.headers())
          .containsEntry("access-control-allow-origin", "https://app.example")
          .containsEntry("vary", "Origin");
      assertThat(world.get("/chat/api/tags").headers())
          .doesNotContainKey("access-control-allow-origin");
      assertThat(world.ollama().seen()).noneMatch(seen -> seen.method().equals("OPTIONS"));
    }
  }

  private static FrontProxy.Answer preflight(HomeWorld world, String origin) throws IOException {
    return world
        .caddy()
        .inline(
            "OPTIONS",
            "/chat/api/chat",
            "Origin: " + origin,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization,content-type");
  }

  private static String useOf(String client) {
    return """
    import assert from 'node:assert/strict'
    import { Gate, GateError } from '%s'
    const gate = new Gate(process.env.GATE, process.env.GATE_KEY)
    const question = [{ role: 'user', content: 'Hello?' }]
    assert.deepEqual(await gate.models(), ['llama3.2:latest'])
    let text = ''
    for await (const part of gate.chat('llama3.2', question)) text += part
    assert.equal(text, 'Hello, wörld – ünïcode!')
    const broken = async () => { for await (const part of gate.chat('breaks', question)) text = part }
    await assert.rejects(broken, (e) => e instanceof GateError && e.status === 0)
    const wav = await gate.speak('Hello.')
    assert.equal(wav.type, 'audio/wav')
    assert.ok(wav.size > 10000)
    assert.equal(await gate.transcribe(wav, 'a.wav', 'any'), 'Hello from behind the gate.')
    const stranger = new Gate(process.env.GATE, 'wrong')
    await assert.rejects(stranger.models(), (e) => e.status === 401 && e.message.includes('key'))
    console.log('ok web client')
    """
        .formatted(client);
  }

  @Test
  void systemd_takes_the_units() throws Exception {
    Path units = Files.createDirectories(folder.resolve("units"));
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify"));
    try (var found = Files.newDirectoryStream(HomeWorld.EXAMPLE.resolve("systemd"), "*.service")) {
      for (Path unit : found) {
        // Nothing is installed in /opt here; what is to be started has to be there all the same.
        String text =
            Files.readString(unit).replaceAll("(?m)^ExecStart=/opt/\\S+", "ExecStart=/bin/true");
        command.add(
            Files.writeString(units.resolve(unit.getFileName().toString()), text).toString());
      }
    }
    assertThat(command).hasSize(6);
    assertThat(run(Map.of(), command)).doesNotContain(".service:", "Unknown", "ignoring");
  }

  private String run(HomeWorld world, List<String> command) throws Exception {
    String root = FrontProxy.caddyRoot(folder).toString();
    return run(
        Map.of(
            "GATE",
            world.caddy().url(),
            "GATE_KEY",
            world.key(),
            "CURL_CA_BUNDLE",
            root,
            "NODE_EXTRA_CA_CERTS",
            root),
        command);
  }

  private String run(Map<String, String> environment, List<String> command) throws Exception {
    Path log = folder.resolve("run.log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(log);
    assertThat(ended && process.exitValue() == 0).describedAs(printed).isTrue();
    return printed;
  }
}
