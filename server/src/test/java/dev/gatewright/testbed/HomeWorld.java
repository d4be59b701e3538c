package dev.gatewright.testbed;

import dev.gatewright.config.ConfigSources;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The home of `examples/self-hosted`: its gatewright.yaml, its speech server and its Caddyfile as
/// they are, with an Ollama and a speaches of ours, since those need models. Nobody paints here.
///
/// @param speech the example's own server in front of the real espeak-ng
/// @param key the text of a key for the four services
record HomeWorld(
    FakeProvider ollama,
    FakeProvider whisper,
    Process speech,
    LocalGate gate,
    FrontProxy caddy,
    String key)
    implements AutoCloseable {
  static final Path EXAMPLE = Path.of("..", "examples", "self-hosted").toAbsolutePath().normalize();
  static final String SECRET = "a-long-random-text-of-the-home";

  static HomeWorld start(Path folder) throws Exception {
    FakeProvider ollama = FakeProvider.start();
    ollama.answer(OllamaAnswers.STANDARD);
    FakeProvider whisper = FakeProvider.start();
    whisper.answer(HomeWorld::transcribe);
    Process speech =
        new ProcessBuilder(
                "python3",
                EXAMPLE.resolve(Path.of("speech", "speech_server.py")).toString(),
                "--port",
                "0")
            .redirectError(folder.resolve("speech.log").toFile())
            .start();
    String speechUrl = firstLine(speech);
    Map<String, String> addresses =
        Map.of(
            "OLLAMA_URL", "http://127.0.0.1:" + ollama.port(),
            "WHISPER_URL", "http://127.0.0.1:" + whisper.port(),
            "TTS_URL", speechUrl,
            "IMAGE_URL", "http://127.0.0.1:" + FakeProvider.refusedPort());
    LocalGate gate = gate(folder.resolve("data"), addresses);
    FrontProxy caddy = FrontProxy.home(folder, gate.port(), SECRET);
    String key =
        gate.admin()
            .createKey(
                """
                {"name":"phone","services":["chat","whisper","tts","image"]}
                """)
            .key();
    HomeWorld world = new HomeWorld(ollama, whisper, speech, gate, caddy, key);
    for (String service : new String[] {"/chat", "/whisper", "/tts"}) {
      Await.until(service, Duration.ofSeconds(30), () -> world.get(service).status() == 200);
    }
    return world;
  }

  /// With the example's configuration through the loader that `serve` uses.
  static LocalGate gate(Path data, Map<String, String> addresses) throws IOException {
    Map<String, String> environment = new HashMap<>(addresses);
    environment.put("GATEWRIGHT_EDGE_SECRET", SECRET);
    Map<String, String> flags =
        Map.of("config", EXAMPLE.resolve("gatewright.yaml").toString(), "metrics.port", "0");
    return LocalGate.start(ConfigSources.find(flags, environment), data);
  }

  /// Through Caddy.
  FrontProxy.Answer get(String path) throws IOException {
    return caddy.inline("GET", path, "Authorization: Bearer " + key);
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("the speech server ended at once");
    }
    return line;
  }

  /// As speaches answers.
  private static void transcribe(SeenRequest request, Wire wire) throws IOException {
    if (request.path().equals("/v1/audio/transcriptions")) {
      wire.json(200, "{\"text\":\"Hello from behind the gate.\"}");
    } else {
      wire.json(request.path().equals("/health") ? 200 : 404, "{}");
    }
  }

  @Override
  public void close() throws IOException {
    caddy.close();
    gate.close();
    speech.destroy();
    ollama.close();
    whisper.close();
    try {
      if (!speech.waitFor(10, TimeUnit.SECONDS)) {
        speech.destroyForcibly();
      }
    } catch (InterruptedException e) {
      speech.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
