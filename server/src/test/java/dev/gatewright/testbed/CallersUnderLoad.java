package dev.gatewright.testbed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Callers that call and call until their gate is gone, and remember what they saw. Some leave in
/// the middle of an answer.
final class CallersUnderLoad {
  private static final List<String> BODIES =
      List.of(body("fast", false), body("fast", true), body("fast", true), body("paced", true));
  private static final int LEAVES_ONE_IN = 12;

  private final Collection<Observation> seen = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  private static String body(String model, boolean stream) {
    return "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":40,\"user\":\"%%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Say something short about kills, please.\"}]}"
        .formatted(model, stream);
  }

  /// @param seed decides who asks what, and is part of the calls' names
  static CallersUnderLoad start(int port, String key, int callers, long seed) {
    CallersUnderLoad load = new CallersUnderLoad();
    Random random = new Random(seed);
    for (int i = 0; i < callers; i++) {
      Random own = new Random(random.nextLong());
      String name = "c" + Long.toHexString(seed) + "-" + i + "-";
      load.threads.add(Thread.ofVirtual().start(() -> load.calls(port, key, name, own)));
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

  private void calls(int port, String key, String name, Random random) {
    try {
      RawClient client = new RawClient(port);
      try {
        for (int i = 0; running; i++) {
          if (!call(client, key, name + i, random)) {
            client.close();
            client = new RawClient(port);
          }
        }
      } finally {
        client.close();
      }
    } catch (IOException e) {
      running = false; // The gate is gone: nobody calls any more.
    }
  }

  /// @return whether the connection is good for another
  private boolean call(RawClient client, String key, String name, Random random)
      throws IOException {
    @Nullable String id = null;
    int status = 0;
    boolean complete = false;
    try {
      String body = BODIES.get(random.nextInt(BODIES.size())).formatted(name);
      client.post("/v1/chat/completions", key, body);
      RawClient.Head head = client.head();
      id = head.headers().get("x-request-id");
      status = head.status();
      if (random.nextInt(LEAVES_ONE_IN) == 0) {
        return false;
      }
      client.body(head);
      complete = true;
      return true;
    } finally {
      seen.add(new Observation(name, id, status, complete));
    }
  }
}
