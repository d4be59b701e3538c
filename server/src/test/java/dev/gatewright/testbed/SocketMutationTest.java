package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// However a path is written, an upgrade reaches a backend at paths of its list alone, and a front
/// proxy that asks first is told the same as who comes directly.
class SocketMutationTest {
  private static final int PATHS = 1_500;
  private static final EchoBackend BACKEND = SocketWorld.backend();
  private static final List<String> PIECES =
      List.of(
          "/",
          "/ws",
          "/ws/",
          "/api",
          "/api/live",
          "live",
          "ws",
          "WS",
          "%77s",
          "x",
          ".",
          "..",
          "/../",
          "/./",
          "%2e%2e",
          "%2f",
          "%2F",
          "%5c",
          "%25",
          "%252e",
          ";x",
          "//",
          "\\",
          "post",
          "?a=/ws",
          "%00",
          "%",
          "~",
          "*");
  private static final Pattern LISTED = Pattern.compile("/base/(live|ws|ws/.*)");
  private static final Pattern DOUBTFUL =
      Pattern.compile("(?i)//|/\\.\\.?(/|$)|%2f|%2e|%25|%5c|%00|;|\\\\");

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings("edge: { secrets: [first] }\n" + SocketWorld.services(BACKEND)));

  @AfterAll
  static void stop() throws IOException {
    BACKEND.close();
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/echo/");
    path.append(random.nextBoolean() ? "ws" : "api/live");
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = "/echo/".length() + random.nextInt(path.length() - "/echo/".length() + 1);
      path.insert(at, PIECES.get(random.nextInt(PIECES.size())));
    }
    return path.toString();
  }

  @Test
  void no_spelling_of_a_path_leads_off_the_list() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int opened = 0;
    for (int i = 0; i < PATHS; i++) {
      String path = path(random);
      String what = "seed %d: %s".formatted(seed, path);
      boolean switched;
      try (RawClient caller = SocketWorld.ask(world.gate(), path, world.key())) {
        int status = caller.head().status();
        switched = status == 101;
        assertThat(status).as(what).isIn(101, 400, 404);
      }
      if (switched) {
        opened++;
        String target = BACKEND.visit().head.split(" ", 3)[1];
        assertThat(target.split("\\?", 2)[0])
            .as(what)
            .matches(LISTED)
            .doesNotContainPattern(DOUBTFUL);
      }
      assertThat(asked(path) == 200).as(what).isEqualTo(switched);
    }
    assertThat(BACKEND.nobodyWaits()).as("seed %d", seed).isTrue();
    assertThat(opened).as("seed %d", seed).isBetween(100, PATHS - 100);
  }

  private static int asked(String path) throws IOException {
    try (RawClient caller = world.caller()) {
      return caller
          .get(
              "/auth/verify",
              world.key(),
              "x-gatewright-edge: first",
              "x-forwarded-method: GET",
              "x-forwarded-uri: " + path)
          .answer()
          .status();
    }
  }
}
