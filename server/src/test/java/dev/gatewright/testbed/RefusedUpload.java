package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Clients that send 40 MiB to somebody who refuses them at the head, with what the system brings:
/// Node's `fetch`, Python's `http.client`, curl.
enum RefusedUpload {
  FETCH("node", "upload.mjs"),
  HTTP_CLIENT("python3", "upload.py"),
  CURL("sh", "upload.sh");

  static final int TIMES = 20;

  private static final Path SOURCES = Path.of("src", "test", "clients", "refused").toAbsolutePath();

  private final String interpreter;
  private final String program;

  RefusedUpload(String interpreter, String program) {
    this.interpreter = interpreter;
    this.program = program;
  }

  /// What the client heard, a line each time.
  List<String> heard(Path folder, String url, String key) throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(program));
    String said =
        ClientProgram.execute(
            own,
            Map.of(
                "URL",
                url,
                "KEY",
                key,
                "TIMES",
                Integer.toString(TIMES),
                "NODE_TLS_REJECT_UNAUTHORIZED",
                "0",
                "NODE_NO_WARNINGS",
                "1"),
            List.of(interpreter, SOURCES.resolve(program).toString()));
    return said.lines().toList();
  }
}
