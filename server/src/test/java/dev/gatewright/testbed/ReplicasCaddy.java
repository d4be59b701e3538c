package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A Caddy before two gates, with the file shipped in `deploy/compose`.
final class ReplicasCaddy {
  private ReplicasCaddy() {}

  /// @param folder where its file and `proxy.log` are written
  static Process start(Path folder, int port, int one, int two) throws IOException {
    String shipped = Files.readString(Path.of("../deploy/compose/Caddyfile"));
    Path file =
        Files.writeString(
            folder.resolve("Caddyfile"), "{\n\tadmin off\n}\n" + addressed(shipped, one, two));
    ProcessBuilder command =
        new ProcessBuilder("caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
    command.environment().put("SITE", "http://127.0.0.1:" + port);
    command.environment().put("HOME", folder.toString());
    return command
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("proxy.log").toFile())
        .start();
  }

  /// The text with the two gates where they listen here.
  static String addressed(String text, int one, int two) {
    assertThat(text).contains("gate-1:8080", "gate-2:8080");
    return text.replace("gate-1:8080", "127.0.0.1:" + one)
        .replace("gate-2:8080", "127.0.0.1:" + two);
  }
}
