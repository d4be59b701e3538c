package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Callers who leave before they are answered: what they free, and what is recorded of them.
class ServiceQueueTest {
  private static final String BODY = "{\"model\":\"m\",\"messages\":[]}";
  private static final int DEPARTURES = 40;
  private static final int WAITERS = 5;
  private static final Duration SOON = Duration.ofMillis(250);

  /// On a machine that others use too, one measurement may be spoilt by them; three are not.
  private static final int MEASUREMENTS = 3;

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - id: one
                  preset: ollama
                  instances: [http://127.0.0.1:%1$d]
                  concurrency: 1
                  queue: { length: %2$d, wait: 600s }
                - id: tts
                  preset: kokoro
                  instances: [http://127.0.0.1:%1$d]
              """
                  .formatted(fake.port(), WAITERS)));

  private final List<RawClient> callers = new ArrayList<>();

  @BeforeEach
  void hangs() {
    EveryPreset.answer(world, Answers.hang());
  }

  /// The latest first, so that nobody's turn comes.
  @AfterEach
  void leave() throws Exception {
    for (RawClient caller : callers.reversed()) {
      caller.close();
    }
    awaitWaiting(0);
  }

  private RawClient ask(String path, String body) throws IOException {
    RawClient caller = world.caller().post(path, world.key(), body, "x-test: 1");
    callers.add(caller);
    return caller;
  }

  private RawClient ask() throws IOException {
    return ask("/one/api/chat", BODY);
  }

  private static SeenRequest seen(String body) throws InterruptedException {
    SeenRequest next = world.provider().take();
    while (!next.text().equals(body)) {
      next = world.provider().take();
    }
    return next;
  }

  @Test
  void a_place_in_the_queue_is_free_soon_after_its_caller_has_left() throws Exception {
    long seed = System.nanoTime();
    System.out.printf("ServiceQueueTest seed %d%n", seed);
    Random random = new Random(seed);
    ask();
    seen(BODY);
    List<RawClient> waiting = new ArrayList<>();
    List<Duration> taken = List.of();
    for (int i = 0; i < MEASUREMENTS && !inTime(taken); i++) {
      taken = measure(waiting, random);
    }
    System.out.printf(
        "leave the queue: p50 %d ms, p95 %d ms, most %d ms%n",
        taken.get(DEPARTURES / 2).toMillis(), p95(taken).toMillis(), taken.getLast().toMillis());
    assertThat(p95(taken)).describedAs("seed %d: %s", seed, taken).isLessThanOrEqualTo(SOON);
  }

  private List<Duration> measure(List<RawClient> waiting, Random random) throws Exception {
    List<Duration> taken = new ArrayList<>();
    for (int i = 0; i < DEPARTURES; i++) {
      while (waiting.size() < WAITERS) {
        waiting.add(ask());
        awaitWaiting(waiting.size());
      }
      RawClient leaver = waiting.remove(random.nextInt(waiting.size()));
      callers.remove(leaver);
      long left = leaver.leave(random.nextBoolean());
      awaitWaiting(waiting.size());
      taken.add(Duration.ofNanos(System.nanoTime() - left));
    }
    Collections.sort(taken);
    return taken;
  }

  private static boolean inTime(List<Duration> taken) {
    return !taken.isEmpty() && p95(taken).compareTo(SOON) <= 0;
  }

  private static Duration p95(List<Duration> taken) {
    return taken.get(taken.size() * 95 / 100 - 1);
  }

  private static void awaitWaiting(int count) throws Exception {
    Await.until(
        count + " to wait",
        Duration.ofSeconds(20),
        () -> {
          JsonNode all = world.admin().call("GET", "/api/services", "", 200).path("data");
          return all.get(0).path("queue").path("waiting").asInt() == count;
        });
  }

  /// The prompt may have been read; of sound nothing was delivered.
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/one/api/chat; {'model':'m','messages':[{'role':'user','content':'12345678901'}]}; 3; counted",
        "/one/api/v1/embeddings; {'model':'m','input':['1234','5678']}; 2; counted",
        "/tts/api/v1/audio/speech; {'input':'12345678'}; 0; none"
      })
  void a_call_left_before_its_answer_counts_its_prompt(
      String path, String body, long inputTokens, String source) throws Exception {
    String json = body.replace('\'', '"');
    RawClient caller = ask(path, json);
    SeenRequest request = seen(json);
    caller.leave(false);
    request.closed().join();
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () -> {
          world.admin().usage("by=model");
          return UsageRows.sqlite(world.data()).stream()
              .anyMatch(row ->
                  row.outcome().equals("cancelled")
                      && path.startsWith("/" + row.target().split("/", 2)[0] + "/")
                      && row.inputTokens() == inputTokens
                      && row.outputTokens() == 0
                      && row.status() == 0
                      && row.source().equals(source));
        });
  }
}
