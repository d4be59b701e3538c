package dev.gatewright.testbed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Callers that call and call until their gate is gone, and remember what they saw.
final class CallersUnderLoad {
  private static final List<String> BODIES =
      List.of(
          "{\"model\":\"fast\",\"messages\":[]}",
          "{\"model\":\"fast\",\"messages\":[],\"stream\":true}",
          "{\"model\":\"paced\",\"messages\":[],\"stream\":true}");

  private final Collection<Observation> seen = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /// @param seed decides who asks what
  static CallersUnderLoad start(int port, String key, int callers, long seed) {
    CallersUnderLoad load = new CallersUnderLoad();
    Random random = new Random(seed);
    for (int i = 0; i < callers; i++) {
      Random own = new Random(random.nextLong());
      load.threads.add(Thread.ofVirtual().start(() -> load.call(port, key, own)));
    }
    return load;
  }

  int count() {
    return seen.size();
  }

  /// Ends the callers after their current call and waits for them.
  Collection<Observation> stop() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(seen);
  }

  private void call(int port, String key, Random random) {
    try (RawClient client = new RawClient(port)) {
      while (running) {
        client.post("/v1/chat/completions", key, BODIES.get(random.nextInt(BODIES.size())));
        RawClient.Head head = client.head();
        String id = head.headers().get("x-request-id");
        boolean complete = false;
        try {
          client.body(head);
          complete = true;
        } finally {
          seen.add(new Observation(id, head.status(), complete));
        }
      }
    } catch (IOException e) {
      running = false; // The gate is gone: nobody calls any more.
    }
  }
}
