package dev.gatewright.testbed.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.OpenRoutes;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import dev.gatewright.testbed.AdminClient;
import dev.gatewright.testbed.Answers;
import dev.gatewright.testbed.ChildGate;
import dev.gatewright.testbed.FakeProvider;
import dev.gatewright.testbed.GateSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No body kills the gate, makes it say much, fills its memory or keeps another caller waiting.
/// Every operation of the served document, and what stands below the route table's open ends.
class HostileBodiesTest {
  private static final long RSS_BYTES_MAX = 400L << 20;
  private static final long ANSWER_BYTES_MAX = 64 << 10;
  private static final List<Who> CALLERS = List.of(Who.values());
  private static final int SENDERS = 4;
  private static final int LATE_MAX = 2;
  private static final long LATE_MILLIS_MAX = 4_000;

  /// A body beyond its limit is refused by its length; how far beyond says nothing more.
  private static final int BEYOND = 1 << 20;

  /// What the service `echo` is said to be.
  private static final Preset BACKEND = Objects.requireNonNull(Presets.find("ollama"));

  /// Held open in the sample: enough that a share too many would be felt.
  private static final int SLOW_SAMPLE = 120;

  /// What of the sample goes over HTTP/2, where the bodies' readers are the same.
  private static final int HTTP2_SAMPLE = 400;

  @TempDir private Path folder;

  @Test
  void a_sample_of_every_operation_and_kind_harms_nobody() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(setup(provider))) {
      run(gate, sample(operations(gate), new Random(seed)), new Random(seed), Http1Attack::new);
    }
  }

  /// As streams of HTTP/2, many on one connection.
  @Test
  void a_sample_over_http2_harms_nobody() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(setup(provider).settings("listen: { h2c: true }\n"))) {
      List<Case> all = sample(operations(gate), random);
      Collections.shuffle(all, random);
      run(gate, all.subList(0, HTTP2_SAMPLE), random, Http2Attack::new);
    }
  }

  @Test
  @Tag("long")
  void no_body_of_any_kind_by_anybody_harms_anybody() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(setup(provider))) {
      List<Case> all = new ArrayList<>();
      for (Operation operation : operations(gate)) {
        for (Kind kind : Kind.values()) {
          for (Who who : Who.values()) {
            for (Operation.Field field : fields(operation, kind)) {
              for (int room : rooms(operation, kind)) {
                all.add(new Case(operation, kind, who, field, room));
              }
            }
          }
        }
      }
      run(gate, all, new Random(1), Http1Attack::new);
    }
  }

  private GateSetup setup(FakeProvider provider) throws IOException {
    provider.forget();
    provider.answer(Answers.json(200, "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}"));
    return GateSetup.usual(folder, provider)
        .jvm(launcherFlags())
        .settings(
            """
            services:
              - id: echo
                preset: %s
                instances: [http://127.0.0.1:%d]
            rooms:
              providers:
                daily: { base-url: http://127.0.0.1:%d/v1, allow-private: true }
            """
                .formatted(BACKEND.id(), provider.port(), provider.port()));
  }

  /// The JVM's options of the launcher itself, each in a file that `java @file` reads.
  private static String[] launcherFlags() throws IOException {
    Path folder = Path.of(System.getProperty("basedir", "."), "..", "deploy", "jvm");
    List<String> all = new ArrayList<>();
    for (String file : List.of("standard.options", "common.options")) {
      String options = Files.readString(folder.resolve(file)).replaceAll("(?m)^#.*$", "");
      all.addAll(List.of(options.strip().split("\\s+")));
    }
    assertThat(all).contains("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    return all.toArray(String[]::new);
  }

  private List<Operation> operations(ChildGate gate) throws Exception {
    String text = gate.admin().send("GET", "/openapi.json", "").body();
    JsonNode document = new ObjectMapper().readTree(text);
    List<Operation> all = new ArrayList<>(Operation.of(document));
    assertThat(all).hasSizeGreaterThan(30);
    List<String> open = OpenRoutes.of(Files.createDirectory(folder.resolve("asked")));
    assertThat(open).contains("/{service}/api/*", "/ollama/api/*", "/api/*", "/v1/{rest}");
    open.forEach(template -> all.addAll(Operation.below(template, BACKEND)));
    // What no route has, and what one has by other methods.
    all.add(Operation.unlisted("POST", "/nothing", 4 << 10));
    all.add(Operation.unlisted("PUT", "/api/keys", 4 << 10));
    return all;
  }

  private static List<Operation.Field> fields(Operation operation, Kind kind) {
    List<Operation.Field> own =
        operation.fields().stream()
            .filter(field -> kind != Kind.LONG_TEXT || field.type().equals("string"))
            .toList();
    boolean byField = kind == Kind.LONG_TEXT || kind == Kind.WRONG_TYPES || kind == Kind.NUMBERS;
    return byField && !own.isEmpty() ? own : List.of(new Operation.Field("/x", "string"));
  }

  /// As long as it may be, and longer.
  private static List<Integer> rooms(Operation operation, Kind kind) {
    return kind.slow()
        ? List.of(Math.max(operation.bodyBytesMax(), 2))
        : List.of(operation.bodyBytesMax(), operation.bodyBytesMax() + BEYOND);
  }

  /// Every operation with every kind, each by somebody, at some field, of some size.
  private static List<Case> sample(List<Operation> operations, Random random) {
    List<Case> cases = new ArrayList<>();
    for (Operation operation : operations) {
      for (Kind kind : Kind.values()) {
        Who who = CALLERS.get(random.nextInt(CALLERS.size()));
        List<Operation.Field> fields = fields(operation, kind);
        List<Integer> rooms = rooms(operation, kind);
        // Mostly what passes the length check.
        int room = rooms.get(random.nextInt(4) == 0 ? rooms.size() - 1 : 0);
        cases.add(new Case(operation, kind, who, fields.get(random.nextInt(fields.size())), room));
      }
    }
    return cases;
  }

  private interface Protocol {
    Attack on(int port, Map<Who, String> keys);
  }

  private static void run(ChildGate gate, List<Case> cases, Random random, Protocol protocol)
      throws Exception {
    AdminClient admin = gate.admin();
    Map<Who, String> keys =
        Map.of(
            Who.TEST, admin.createKey("{\"name\":\"t\",\"kind\":\"test\"}").key(),
            Who.LIVE, admin.createKey("{\"name\":\"l\"}").key(),
            Who.ADMIN, admin.createKey("{\"name\":\"a\",\"kind\":\"admin\"}").key());
    String other = admin.createKey("{\"name\":\"o\"}").key();
    String operator = admin.createKey("{\"name\":\"p\",\"kind\":\"admin\"}").key();

    Attack attack = protocol.on(gate.port(), keys);
    Queue<String> faults = new ConcurrentLinkedQueue<>();
    List<Case> mixed = new ArrayList<>(cases);
    Collections.shuffle(mixed, random);
    List<Case> slow = mixed.stream().filter(each -> each.kind().slow()).limit(SLOW_SAMPLE).toList();
    Queue<Case> fast = new ConcurrentLinkedQueue<>(mixed);
    fast.removeIf(each -> each.kind().slow());

    AtomicBoolean going = new AtomicBoolean(true);
    List<Thread> holders = new ArrayList<>();
    OtherCaller caller = new OtherCaller(gate.url(), other, operator);
    try (caller) {
      for (Case each : slow) {
        byte[] body = each.kind().body(each.operation(), each.field(), each.room(), new Random(1));
        holders.add(
            Thread.ofVirtual()
                .start(() -> judged(each, faults, () -> attack.hold(each, body, going))));
      }
      List<Thread> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        Random own = new Random(random.nextLong());
        senders.add(Thread.ofPlatform().start(() -> send(fast, own, attack, faults)));
      }
      for (Thread sender : senders) {
        sender.join();
      }
      going.set(false);
      for (Thread holder : holders) {
        holder.join();
      }
    }
    System.out.printf(
        "%d bodies, resident at most %d MiB; another caller's %d calls took at most %d ms%n",
        mixed.size(),
        gate.process().isAlive() ? gate.rssBytesMax() >> 20 : 0,
        caller.count(),
        caller.longestMillis());
    assertThat(gate.process().isAlive())
        .as("the process lives; it ended with %s; %s %s", ended(gate), gate.stderr(), faults)
        .isTrue();
    assertThat(faults).isEmpty();
    assertThat(caller.failures()).isEmpty();
    assertThat(caller.count()).isPositive();
    // Within a second; a machine busy with other things may make two calls late, none by much.
    assertThat(caller.late())
        .as("calls of %d over 1 s, the longest %d ms", caller.count(), caller.longestMillis())
        .isLessThanOrEqualTo(Math.max(LATE_MAX, caller.count() / 50));
    assertThat(caller.longestMillis()).isLessThan(LATE_MILLIS_MAX);
    assertThat(gate.rssBytesMax()).isLessThanOrEqualTo(RSS_BYTES_MAX);
    assertThat(gate.stderr()).doesNotContain("OutOfMemoryError");
  }

  private static String ended(ChildGate gate) {
    return gate.process().isAlive() ? "nothing" : "exit " + gate.process().exitValue();
  }

  private static void send(Queue<Case> cases, Random random, Attack attack, Queue<String> faults) {
    for (Case each = cases.poll(); each != null; each = cases.poll()) {
      Case now = each;
      byte[] body = now.kind().body(now.operation(), now.field(), now.room(), random);
      judged(now, faults, () -> attack.run(now, body));
    }
  }

  private interface Ask {
    Attack.Seen seen() throws Exception;
  }

  private static void judged(Case each, Queue<String> faults, Ask ask) {
    Attack.Seen seen;
    try {
      seen = ask.seen();
    } catch (Exception failure) {
      faults.add(each + ": " + failure);
      return;
    }
    Operation operation = each.operation();
    // Whoever sends slowly, or more than allowed, may find the connection gone.
    boolean mayBeCut = each.kind().slow() || each.room() > operation.bodyBytesMax();
    if (seen.status() == 0 && !mayBeCut) {
      faults.add(each + ": no answer");
    } else if (seen.status() == 500) {
      faults.add(each + ": 500 " + seen.start());
    } else if (seen.status() != 0
        && !operation.statuses().isEmpty()
        && !operation.statuses().contains(seen.status())) {
      faults.add(each + ": undocumented " + seen.status() + " " + seen.start());
    } else if (seen.bytes() > ANSWER_BYTES_MAX
        && !(operation.givesData() && seen.status() == 200)) {
      faults.add(each + ": " + seen.bytes() + " bytes: " + seen.start());
    }
  }
}
