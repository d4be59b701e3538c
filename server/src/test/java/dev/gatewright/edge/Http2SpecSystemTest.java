package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.ProtocolWorld.Spoken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// h2spec, from the Go module proxy, against the edge, over TLS and in the clear.
@Tag("system")
class Http2SpecSystemTest {
  private static final String MODULE =
      "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible";
  private static final Path FOLDER = Path.of("target/h2spec").toAbsolutePath();

  /// What Netty 4.2 answers otherwise: heads of streams that are over are answered, or reset alone,
  /// in place of ending the connection.
  private static final Set<String> NETTYS_OWN =
      Set.of(
          "half closed (remote): Sends a HEADERS frame",
          "closed: Sends a HEADERS frame",
          "Sends stream identifier that is numerically smaller than previous");

  /// In the clear the port speaks HTTP/1.1, too: what does not begin HTTP/2 is read as that, and
  /// answered 400 before the connection ends. h2spec reads the answer as half a frame.
  private static final String SPOKEN_OTHERWISE = "Sends invalid connection preface";

  @TempDir Path folder;

  private static Path binary() throws IOException, InterruptedException {
    Path binary = FOLDER.resolve("h2spec");
    if (!Files.exists(binary)) {
      ProcessBuilder go = new ProcessBuilder("go", "install", MODULE);
      go.environment().put("GOBIN", FOLDER.toString());
      assertThat(go.inheritIO().start().waitFor()).isZero();
    }
    return binary;
  }

  @ParameterizedTest
  @EnumSource(names = {"H2_TLS", "H2C"})
  void all_hold_but_those_that_netty_answers_otherwise(Spoken spoken) throws Exception {
    Path report = folder.resolve("report.txt");
    try (ProtocolWorld world = new ProtocolWorld(spoken, folder)) {
      List<String> command = new ArrayList<>(List.of(binary().toString()));
      if (spoken == Spoken.H2_TLS) {
        command.addAll(List.of("-t", "-k"));
      }
      String port = Integer.toString(world.edge().server().port());
      command.addAll(List.of("-h", "127.0.0.1", "-p", port, "--path", "/echo", "-o", "5"));
      Process h2spec =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(report.toFile())
              .start();
      assertThat(h2spec.waitFor(5, TimeUnit.MINUTES)).isTrue();
    }
    String said = Files.readString(report);
    Set<String> failed = new TreeSet<>();
    Matcher line = Pattern.compile("(?m)^\\s*× \\d+: (.*)$").matcher(said);
    while (line.find()) {
      failed.add(line.group(1).strip());
    }
    assertThat(said).contains("145 tests, ");
    if (spoken == Spoken.H2C) {
      failed.remove(SPOKEN_OTHERWISE);
    }
    assertThat(failed).as(said).isSubsetOf(NETTYS_OWN);
  }
}
