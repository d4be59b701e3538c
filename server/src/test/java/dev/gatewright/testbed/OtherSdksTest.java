package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The official Node and Python SDKs, unmodified, as callers; installed into `target/` from pinned
/// lists.
@Tag("system")
class OtherSdksTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  private static final Path sources = Path.of("src", "test", "clients").toAbsolutePath();
  private static final Path target = Path.of("target", "clients").toAbsolutePath();

  @Test
  void node() throws Exception {
    Path folder = Files.createDirectories(target.resolve("node"));
    copy(
        sources.resolve("node"),
        folder,
        "package.json",
        "package-lock.json",
        ".npmrc",
        "client.mjs");
    run(folder, Map.of(), "npm", "ci", "--ignore-scripts");
    assertThat(run(folder, gate(), "node", "client.mjs")).contains("ok anthropic errors");
  }

  @Test
  void python() throws Exception {
    Path folder = Files.createDirectories(target.resolve("python"));
    copy(sources.resolve("python"), folder, "requirements.txt", "client.py");
    String python = folder.resolve("venv/bin/python").toString();
    run(folder, Map.of(), "python3", "-m", "venv", "venv");
    run(folder, Map.of(), python, "-m", "pip", "install", "-q", "-r", "requirements.txt");
    assertThat(run(folder, gate(), python, "client.py")).contains("ok anthropic_errors");
  }

  private static Map<String, String> gate() throws IOException, InterruptedException {
    AdminClient.Key narrow =
        world.admin().createKey("{\"name\":\"narrow\",\"models\":[\"other-model\"]}");
    return Map.of(
        "GATE_URL", world.gate().url().toString(),
        "GATE_KEY", world.key(),
        "GATE_NARROW_KEY", narrow.key());
  }

  private static void copy(Path from, Path to, String... names) throws IOException {
    for (String name : names) {
      Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// @return what it printed
  private static String run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String printed = Files.readString(log);
    assertThat(ended && process.exitValue() == 0)
        .describedAs("%s:%n%s", String.join(" ", command), printed)
        .isTrue();
    return printed;
  }
}
