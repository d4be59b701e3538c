package dev.gatewright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the figures were measured on.
final class Machine {
  private Machine() {}

  static String describe() throws IOException {
    String model =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown CPU");
    String memory =
        Files.readString(Path.of("/proc/meminfo"))
            .lines()
            .findFirst()
            .map(line -> line.replaceAll("[^0-9]", ""))
            .orElse("0");
    return "%d × %s, %d MB, Linux %s, JDK %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model,
            Long.parseLong(memory) / 1024,
            System.getProperty("os.version"),
            Runtime.version());
  }

  /// The first line a program prints, on either stream.
  static String ask(Path folder, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.lines().findFirst().orElse("").strip();
  }
}
