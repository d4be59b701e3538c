package dev.gatewright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Small chats over HTTP/2 and TLS by nghttp2's h2load (Debian: nghttp2-client): 16 at once on each
/// of four connections.
final class H2Load {
  static final int CONNECTIONS = 4;
  static final int STREAMS = 16;

  private static final Pattern COUNTS =
      Pattern.compile("requests: .*? (\\d+) succeeded, (\\d+) failed, (\\d+) errored");

  private final Path folder;

  H2Load(Path folder) {
    this.folder = folder;
  }

  /// @param port speaks HTTP/2 over TLS
  Measurement measure(Target target, int port, double seconds)
      throws IOException, InterruptedException {
    Path body = folder.resolve("body.json");
    byte[] request = Traffic.SMALL.request(port, target.key());
    String text = new String(request, StandardCharsets.US_ASCII);
    Files.writeString(body, text.substring(text.indexOf("\r\n\r\n") + 4));
    Measurement.Before before = Measurement.Before.of(target);
    Process load =
        new ProcessBuilder(
                List.of(
                    "h2load",
                    "-t",
                    "1",
                    "-c",
                    Integer.toString(CONNECTIONS),
                    "-m",
                    Integer.toString(STREAMS),
                    "-D",
                    String.format(Locale.ROOT, "%.0f", seconds),
                    "-d",
                    body.toString(),
                    "-H",
                    "authorization: Bearer " + target.key(),
                    "-H",
                    "content-type: application/json",
                    "https://127.0.0.1:%d/v1/chat/completions".formatted(port)))
            .redirectErrorStream(true)
            .start();
    String said = new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher counts = COUNTS.matcher(said);
    if (load.waitFor() != 0 || !counts.find() || !said.contains("Application protocol: h2")) {
      throw new IOException("h2load: " + said);
    }
    long done = Long.parseLong(counts.group(1));
    long failed = Long.parseLong(counts.group(2)) + Long.parseLong(counts.group(3));
    Load.Result result = new Load.Result(done, failed, seconds, new Histogram(), new Histogram());
    return Measurement.of(target, Traffic.SMALL, result, before);
  }
}
