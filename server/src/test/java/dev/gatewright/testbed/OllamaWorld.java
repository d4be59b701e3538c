package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A gate with nothing but an Ollama behind it, at `/chat` and so at `/ollama`.
///
/// @param phone the text of a key for this one service, which may stand in a path
/// @param stranger the text of a key for another service only
record OllamaWorld(FakeProvider ollama, LocalGate gate, String phone, String stranger)
    implements AutoCloseable {
  static OllamaWorld start(Path folder) throws IOException, InterruptedException {
    FakeProvider ollama = FakeProvider.start();
    ollama.answer(OllamaAnswers.STANDARD);
    String settings =
        """
        keys: { in-path: true }
        services:
          - id: chat
            preset: ollama
            instances: ["http://127.0.0.1:%d"]
        """
            .formatted(ollama.port());
    LocalGate gate = LocalGate.start(GateSetup.in(folder).settings(settings));
    AdminClient admin = gate.admin();
    String phone = admin.createKey("{\"name\":\"phone\",\"services\":[\"chat\"]}").key();
    String stranger = admin.createKey("{\"name\":\"tts\",\"services\":[\"tts\"]}").key();
    OllamaWorld world = new OllamaWorld(ollama, gate, phone, stranger);
    Await.until("a probed instance", Duration.ofSeconds(20), () -> world.up());
    return world;
  }

  private boolean up() throws IOException {
    try (RawClient caller = gate.caller()) {
      return caller.get("/chat", phone).answer().status() == 200;
    }
  }

  /// Each base URL a client may be given; the client adds `/api/…` itself.
  List<String> baseUrls() {
    return List.of(gate.url() + "/ollama", gate.url() + "/chat");
  }

  /// For clients that know a base URL and nothing else.
  List<String> keyedBaseUrls() {
    return List.of(gate.url() + "/k/" + phone + "/ollama", gate.url() + "/k/" + phone + "/chat");
  }

  /// What reached the backend, as `METHOD /path`.
  List<String> seen() {
    return ollama.seen().stream().map(each -> each.method() + " " + each.target()).toList();
  }

  @Override
  public void close() throws IOException {
    gate.close();
    ollama.close();
  }
}
