package dev.gatewright.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// [BarePlane] in a process of its own, with the flags the launcher gives the product.
final class BareProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  BareProcess(Path folder, int providerPort) throws IOException {
    Files.createDirectories(folder);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BarePlane.class.getName(),
                Integer.toString(providerPort),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Children.endWithUs(process);
    BufferedReader printed = process.inputReader(StandardCharsets.US_ASCII);
    String line = printed.readLine();
    if (line == null) {
      throw new IOException("the bare plane did not start");
    }
    port = Integer.parseInt(line.strip());
  }

  Target target() {
    return new Target(
        "edge + relay",
        List.of(port),
        List.of(port),
        List.of(process.toHandle()),
        "none",
        Target.Settle.NOTHING);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
