package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads pass without being held: 50 at once, with a heap of 256 MiB and 64 MiB of direct memory,
/// keep the process under 450 MB.
class ServiceUploadsTest {
  private static final int UPLOADS = 50;
  private static final long RSS_BYTES_MAX = 450_000_000;

  @TempDir Path folder;

  @Test
  void fifty_uploads_at_once_keep_memory_flat() throws Exception {
    run(UPLOADS, 8_000_000);
  }

  @Test
  @Tag("long")
  void fifty_uploads_of_200_megabytes_keep_memory_flat() throws Exception {
    run(UPLOADS, 200_000_000);
  }

  @Test
  @Tag("system")
  void an_upload_of_300_megabytes_arrives() throws Exception {
    run(1, 300_000_000);
  }

  private void run(int uploads, int bytes) throws Exception {
    try (ServerSocket backend = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Thread.ofPlatform().daemon().start(() -> serve(backend));
      GateSetup setup =
          GateSetup.in(folder)
              .jvm("-Xmx256m", "-XX:MaxDirectMemorySize=64m")
              .settings(
                  """
                  services:
                    - id: up
                      preset: http
                      instances: [http://127.0.0.1:%d]
                      concurrency: 64
                      max-upload: 1GiB
                      allow: [POST /take]
                  """
                      .formatted(backend.getLocalPort()));
      try (ChildGate gate = ChildGate.start(setup)) {
        String key = gate.admin().liveKey("up").key();
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < uploads; i++) {
          answers.add(callers.submit(() -> upload(gate.port(), key, bytes)));
        }
        for (Future<String> answer : answers) {
          assertThat(answer.get(10, TimeUnit.MINUTES)).isEqualTo("{\"bytes\":" + bytes + "}");
        }
        assertThat(gate.rssBytesMax()).isLessThan(RSS_BYTES_MAX);
        assertThat(gate.stderr()).doesNotContain("OutOfMemory", "LEAK", "Exception");
      }
    }
  }

  private static String upload(int port, String key, int bytes) throws IOException {
    byte[] part = new byte[64 * 1024];
    try (RawClient caller = new RawClient(port)) {
      caller.patience(Duration.ofMinutes(5));
      caller.request("POST", "/up/api/take", key, new byte[0], "content-length: " + bytes);
      for (int sent = 0; sent < bytes; ) {
        int next = Math.min(part.length, bytes - sent);
        caller.send(next == part.length ? part : new byte[next]);
        sent += next;
      }
      return caller.answer().text();
    }
  }

  private static void serve(ServerSocket backend) {
    while (!backend.isClosed()) {
      try {
        Socket socket = backend.accept();
        Thread.ofVirtual().start(() -> take(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /// Counts bodies and forgets them.
  private static void take(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024)) {
      byte[] buffer = new byte[64 * 1024];
      while (true) {
        long length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          if (line.startsWith("content-length: ")) {
            length = Long.parseLong(line.substring(16));
          }
        }
        long left = length;
        while (left > 0) {
          int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (read < 0) {
            return;
          }
          left -= read;
        }
        String body = "{\"bytes\":" + length + "}";
        socket
            .getOutputStream()
            .write(
                ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException gone) {
      return; // The gate has closed the connection.
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
