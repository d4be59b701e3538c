package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a test key can ask of the simulator under the launcher's own memory: the process lives, and
/// others are answered within a second.
class SimulatorAttacksTest {
  private static final String[] LAUNCHER = {
    "-Xms64m", "-Xmx256m", "-XX:MaxDirectMemorySize=448m", "-XX:+ExitOnOutOfMemoryError"
  };
  private static final long RSS_MAX = 400L << 20;
  private static final String CHAT = "/v1/chat/completions";
  private static final String SMALL =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final int CALLERS = 12;

  /// On a machine that others use too, one measurement may be spoilt by them; nine are not.
  private static final int MEASUREMENTS = 9;

  @TempDir static Path folder;

  private static ChildGate gate;
  private static String key;

  /// A request that once ended the process or stopped a loop, and its status.
  enum Attack {
    EMBEDDINGS("/v1/embeddings", embeddings(3_072), 200),
    EMBEDDINGS_TOO_LARGE("/v1/embeddings", embeddings(4_096), 400),
    LONG_TEXT(CHAT, said("a ".repeat(4 << 20), ""), 413),
    EMPTY_MEMBERS(
        CHAT,
        "{\"model\":\"sim/echo\",\"messages\":[],\"x\":[" + "{},".repeat(5_000_000) + "{}]}",
        413),
    MEBIBYTE(CHAT, said("a ".repeat(500_000), ",\"n\":16,\"stream\":true"), 200),
    MEMBERS(CHAT, said("a", ",\"x\":[" + "{},".repeat(340_000) + "{}]"), 200),
    TOOLS(
        CHAT,
        said("a", ",\"tools\":[" + "{\"function\":{\"name\":\"a\"}},".repeat(30_000) + "{}]"),
        400),
    LOGPROBS(CHAT, said("a ".repeat(500_000), ",\"logprobs\":true,\"top_logprobs\":20"), 200),
    SCHEMA(CHAT, said("a", schema()), 400),
    NUMBER(CHAT, said("a", ",\"seed\":1" + "0".repeat(1_000_000)), 200);

    private final String path;
    private final String body;
    private final int status;

    Attack(String path, String body, int status) {
      this.path = path;
      this.body = body;
      this.status = status;
    }

    private static String embeddings(int dimensions) {
      String inputs = "\"a\",".repeat(2_047) + "\"a\"";
      return "{\"model\":\"sim/echo\",\"input\":[%s],\"dimensions\":%d}"
          .formatted(inputs, dimensions);
    }

    private static String said(String text, String more) {
      return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
          + text
          + "\"}]"
          + more
          + "}";
    }

    /// Each of its branches leads back to all of them.
    private static String schema() {
      String branch =
          "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}},";
      return ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"anyOf\":["
          + branch.repeat(1_500)
          + "false]}}}";
    }
  }

  @BeforeAll
  static void start() throws Exception {
    gate = ChildGate.start(GateSetup.in(folder).jvm(LAUNCHER));
    key = gate.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  @AfterEach
  void lives_within_its_memory() throws IOException {
    assertThat(gate.process().isAlive()).isTrue();
    assertThat(gate.rssBytesMax()).isLessThan(RSS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void others_are_answered_meanwhile(Attack attack) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Future<Integer>> attackers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        attackers.add(
            threads.submit(() -> {
              int status = ask(attack);
              while (!over.get()) {
                status = Math.min(status, ask(attack));
              }
              return status;
            }));
      }
      List<Duration> waited = new ArrayList<>();
      for (int i = 0; i < MEASUREMENTS; i++) {
        long begun = System.nanoTime();
        try (RawClient other = gate.caller()) {
          assertThat(other.post(CHAT, key, SMALL).answer().status()).isEqualTo(200);
        }
        waited.add(Duration.ofNanos(System.nanoTime() - begun));
      }
      over.set(true);
      waited.sort(null);
      assertThat(waited.get(MEASUREMENTS / 2)).isLessThan(Duration.ofSeconds(1));
      for (Future<Integer> attacker : attackers) {
        // Large calls may be told to come again; those that are taken have the status.
        assertThat(attacker.get()).isIn(attack.status, 503);
      }
    }
  }

  /// To the head, and a little of the answer.
  private static int ask(Attack attack) {
    try (RawClient caller = gate.caller()) {
      RawClient.Head head = caller.post(attack.path, key, attack.body).head();
      if (head.chunked()) {
        caller.text(100);
      }
      return head.status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
