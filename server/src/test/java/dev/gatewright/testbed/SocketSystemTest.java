package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A WebSocket whose two ends are not ours: a Python server behind the gate, and Node's client,
/// which keeps to the browsers' rules, before it (`apt-get install python3 nodejs`).
@Tag("system")
class SocketSystemTest {
  @TempDir private Path folder;

  private Process start(String... command) throws IOException {
    return new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
  }

  private String file(String name) throws IOException {
    try (InputStream in = SocketSystemTest.class.getResourceAsStream("/sockets/" + name)) {
      if (in == null) {
        throw new IOException("no " + name);
      }
      Path copy = folder.resolve(name);
      Files.copy(in, copy);
      return copy.toString();
    }
  }

  private static String all(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  @Test
  void a_browsers_caller_and_a_python_backend_understand_each_other() throws Exception {
    Process backend = start("python3", file("echo.py"));
    try (BufferedReader said = backend.inputReader(StandardCharsets.UTF_8)) {
      String services =
          """
          services:
            - id: echo
              preset: http
              instances: [http://127.0.0.1:%s]
              credential: { bearer: backend-secret }
              allow: [GET /ws]
          """
              .formatted(said.readLine());
      try (LocalGate gate = LocalGate.start(GateSetup.in(folder).settings(services))) {
        String key = gate.admin().liveKey("browser").key();
        String url = "ws://127.0.0.1:" + gate.port() + "/echo/ws?room=7";
        Process caller =
            start(
                "node",
                "--experimental-websocket",
                "--no-warnings",
                file("client.mjs"),
                url,
                "gatewright.key." + key,
                "gatewright");
        assertThat(all(caller))
            .isEqualTo("open gatewright\ntext grüß dich\nbytes 70000\nclose 4001\n");
        assertThat(said.readLine()).isEqualTo("GET /ws?room=7 HTTP/1.1 - Bearer backend-secret");
      }
    } finally {
      backend.destroyForcibly();
    }
  }
}
