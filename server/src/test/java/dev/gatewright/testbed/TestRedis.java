package dev.gatewright.testbed;

import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A real Redis of this machine, which can be killed, stopped, gone on with and emptied. Its binary
/// comes from a Maven artifact.
public final class TestRedis implements AutoCloseable {
  private static final String BINARY =
      "/redis-server-6.2."
          + (System.getProperty("os.arch").equals("aarch64")
              ? "7-linux-arm64"
              : "6-v5-linux-amd64");

  private final Path folder;
  private final int port;
  private final List<String> options;
  private @Nullable Process process;

  private TestRedis(Path folder, int port, List<String> options) {
    this.folder = folder;
    this.port = port;
    this.options = options;
  }

  public static TestRedis start() throws Exception {
    return start(List.of("--save", "", "--appendonly", "no"));
  }

  /// @param options of its command line
  static TestRedis start(List<String> options) throws Exception {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
      throw new IllegalStateException("there is a Redis for Linux only");
    }
    Path folder = Files.createTempDirectory("redis");
    Path binary = folder.resolve("redis-server");
    try (InputStream in = TestRedis.class.getResourceAsStream(BINARY)) {
      if (in == null) {
        throw new IllegalStateException("no " + BINARY);
      }
      Files.copy(in, binary);
    }
    if (!binary.toFile().setExecutable(true)) {
      throw new IllegalStateException("not to be executed: " + binary);
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    TestRedis started = new TestRedis(folder, port, options);
    started.again();
    return started;
  }

  public Secret url() {
    return Secret.of("redis://127.0.0.1:" + port);
  }

  /// Starts it, empty.
  public void again() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("redis-server").toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(options);
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("log").toFile())
            .redirectErrorStream(true)
            .start();
    Await.until("Redis answers", Duration.ofSeconds(20), () -> ask("PING").equals("+PONG"));
  }

  /// One command without arguments, and the first line of its answer.
  public String ask(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      StringBuilder line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c > 0 && c != '\r'; ) {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
      return line.toString();
    } catch (IOException away) {
      return "";
    }
  }

  public void empty() {
    ask("FLUSHALL");
  }

  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /// It stands still: connections are taken, nothing is answered.
  public void stop() throws Exception {
    signal("STOP");
  }

  public void goOn() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (process == null
        || new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()
            != 0) {
      throw new IllegalStateException("Redis is not there");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (process != null && process.isAlive()) {
        signal("CONT");
      }
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    GateWorld.delete(folder);
  }
}
