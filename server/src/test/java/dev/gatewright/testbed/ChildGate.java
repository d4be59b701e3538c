package dev.gatewright.testbed;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The product in a process of its own, which can be killed, starved and measured.
public final class ChildGate implements Gate {
  /// As the launcher starts it, as far as behaviour depends on it.
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Xlog:disable",
          "-Xlog:all=error:stderr");

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final GateSetup setup;
  private final Process process;

  private ChildGate(GateSetup setup, Process process) {
    this.setup = setup;
    this.process = process;
  }

  /// Starts it and waits until it is healthy.
  public static ChildGate start(GateSetup setup) throws IOException, InterruptedException {
    ChildGate gate = spawn(setup);
    try {
      Await.until("a healthy gate", START, () -> !gate.process.isAlive() || gate.healthy());
    } catch (AssertionError e) {
      gate.kill();
      throw new AssertionError(gate.stdout() + gate.stderr(), e);
    }
    if (!gate.process.isAlive()) {
      throw new AssertionError(gate.stdout() + gate.stderr());
    }
    return gate;
  }

  /// Starts it and returns at once.
  static ChildGate spawn(GateSetup setup) throws IOException {
    Path config = setup.writeConfig();
    if (setup.wrapper().isEmpty()) {
      MigratedFile.into(setup.data());
    }
    List<String> command = new ArrayList<>(setup.wrapper());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(setup.jvm());
    command.addAll(List.of("-cp", classPath(setup), "dev.gatewright.Main", "serve"));
    command.addAll(List.of("--host", "127.0.0.1", "--port", "" + setup.port()));
    command.addAll(List.of("--data", setup.data().toString(), "--config", config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(ChildGate::ours);
    builder.environment().putAll(setup.environment());
    Process process =
        builder
            .directory(setup.folder().toFile())
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(setup.folder().resolve("out.txt").toFile()))
            .redirectError(
                ProcessBuilder.Redirect.appendTo(setup.folder().resolve("err.txt").toFile()))
            .start();
    return new ChildGate(setup, process);
  }

  @Override
  public URI url() {
    try {
      return ServerFile.read(data()).url();
    } catch (IOException e) {
      throw new IllegalStateException("the gate is not running", e);
    }
  }

  @Override
  public AdminClient admin() throws IOException {
    return AdminClient.of(data());
  }

  boolean healthy() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the gate ended with " + process.exitValue());
    }
    // A file left behind by a killed process names another pid.
    if (ServerFile.read(data()).pid() != process.pid()) {
      return false;
    }
    try (RawClient client = caller()) {
      return client.get("/health", "").answer().status() == 200;
    }
  }

  /// The data folder as the process sees it, in a mount namespace of its own too.
  Path data() {
    Path seen = Path.of("/proc/" + process.pid() + "/root" + setup.data().toAbsolutePath());
    return setup.wrapper().isEmpty() ? setup.data() : seen;
  }

  public Process process() {
    return process;
  }

  /// `kill -9`; returns when the process is gone.
  void kill() {
    process.destroyForcibly();
    process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// `SIGTERM`; returns at once.
  void terminate() {
    process.destroy();
  }

  int awaitExit() {
    return process.onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join().exitValue();
  }

  /// Resident memory of the process in bytes.
  long rssBytes() throws IOException {
    return statusBytes("VmRSS:");
  }

  /// The highest it has been.
  public long rssBytesMax() throws IOException {
    return statusBytes("VmHWM:");
  }

  String stdout() throws IOException {
    return Files.readString(setup.folder().resolve("out.txt"));
  }

  public String stderr() throws IOException {
    return Files.readString(setup.folder().resolve("err.txt"));
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
      try {
        awaitExit();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private long statusBytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
        .sum();
  }

  /// The test's own class path without the tests: what a jar would hold. The child stands in
  /// another folder than this process.
  private static String classPath(GateSetup setup) {
    Path first = setup.classes();
    List<String> parts = new ArrayList<>();
    if (first != null) {
      parts.add(first.toString());
    }
    for (String part : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      boolean tests = part.endsWith("test-classes") || part.endsWith("test-classes/");
      if (!tests && !setup.leavesOut(part)) {
        parts.add(Path.of(part).toAbsolutePath().toString());
      }
    }
    return String.join(java.io.File.pathSeparator, parts);
  }

  /// Nothing of the developer's own installation may reach the gate under test.
  private static boolean ours(String variable) {
    return variable.startsWith("GATEWRIGHT_")
        || variable.startsWith("OTEL_")
        || List.of("PORT", "DATABASE_URL", "REDIS_URL", "CACHE_REDIS_URL").contains(variable);
  }
}
