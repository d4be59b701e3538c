package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.AllowList;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.Presets;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Deny by default: whatever is done to a path or a method, the backend sees nothing that is not on
/// its list, and nothing of the manage list through an ordinary key.
class ServiceMutationTest {
  private static final int MUTATIONS = 20_000;
  private static final int BATCH = 20;

  /// At once, each with its part of the mutations and a seed of its own.
  private static final int CALLERS = 4;

  private static final String[] METHODS = {
    "GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "get", "Post", "TRACE", "PROPFIND"
  };
  private static final String[] PIECES = {
    "/", "//", "/./", "/../", "..", ";", ";a=b", "%2e", "%2E%2e", "%2f", "%5c", "\\", "%00", "%25",
    "%252e", "*", "?", "#", "/api", "/v1", "/api/pull", "api/", "%61", "@", ":", "~", "%c0%ae", "."
  };

  /// Routes of these backends that no ordinary key may reach.
  private static final String[] FORBIDDEN = {
    "/api/pull",
    "/api/delete",
    "/api/me",
    "/load",
    "/server-kill",
    "/download",
    "/dev/unload",
    "/sdapi/v1/options",
    "/models/apply",
    "/slots/0",
    "/api/v1/models/load",
    "/metrics"
  };

  @RegisterExtension static final GateWorld world = EveryPreset.world();

  static List<Preset> presets() {
    return Presets.all();
  }

  private static List<ServiceEndpoint> endpoints(Preset preset) {
    return preset.id().equals("http")
        ? List.of(
            new ServiceEndpoint("GET", "/x", Access.USE),
            new ServiceEndpoint("POST", "/y/*", Access.USE))
        : preset.endpoints();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void the_backend_never_sees_a_path_off_its_list(Preset preset) throws Exception {
    long seed = System.nanoTime();
    System.out.printf("ServiceMutationTest %s seed %d%n", preset.id(), seed);
    world.provider().answer((_, wire) -> wire.json(200, "{}"));
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Random random = new Random(seed + i);
        running.add(
            callers.submit(() -> {
              send(preset, random, MUTATIONS / CALLERS);
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    AllowList list = new AllowList(endpoints(preset));
    int reached = 0;
    for (SeenRequest request : world.provider().seen()) {
      if (request.header("x-test") != null) {
        reached++;
        assertThat(list.match(request.method(), request.path()))
            .describedAs("%s %s (seed %d)", request.method(), request.target(), seed)
            .isEqualTo(Access.USE);
      }
    }
    assertThat(reached).describedAs("some must get through, or nothing was tested").isPositive();
  }

  private static void send(Preset preset, Random random, int count) throws IOException {
    RawClient caller = world.caller();
    int answered = 0;
    while (answered < count) {
      StringBuilder batch = new StringBuilder();
      List<String> methods = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        String method = method(preset, random);
        methods.add(method);
        batch
            .append(method)
            .append(" /s-")
            .append(preset.id())
            .append(path(preset, random))
            .append(" HTTP/1.1\r\nhost: h\r\nx-test: 1\r\nauthorization: Bearer ")
            .append(world.key())
            .append("\r\n\r\n");
      }
      int before = answered;
      caller.send(batch.toString());
      answered += answered(caller, methods);
      if (answered - before < BATCH) {
        caller.close();
        caller = world.caller();
      }
    }
    caller.close();
  }

  /// @return how many; fewer when the gate closed the connection, as it does after a malformed head
  private static int answered(RawClient caller, List<String> methods) {
    int answered = 0;
    try {
      for (String method : methods) {
        RawClient.Head head = caller.head();
        if (!method.equals("HEAD")) {
          caller.body(head);
        }
        answered++;
        if ("close".equals(head.headers().get("connection"))) {
          break;
        }
      }
    } catch (IOException closed) {
      return answered;
    }
    return answered;
  }

  private static String method(Preset preset, Random random) {
    List<ServiceEndpoint> all = endpoints(preset);
    return random.nextInt(3) > 0
        ? all.get(random.nextInt(all.size())).method()
        : METHODS[random.nextInt(METHODS.length)];
  }

  private static String path(Preset preset, Random random) {
    List<ServiceEndpoint> all = endpoints(preset);
    String path =
        random.nextInt(4) == 0
            ? FORBIDDEN[random.nextInt(FORBIDDEN.length)]
            : all.get(random.nextInt(all.size())).path();
    boolean kept = preset.id().equals("ollama") && path.startsWith("/api/");
    StringBuilder text = new StringBuilder((kept ? "" : "/api") + path);
    for (int i = random.nextInt(3); i > 0; i--) {
      mutate(text, random);
    }
    return text.toString();
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length() + 1);
    switch (random.nextInt(5)) {
      case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      case 1 -> text.append(PIECES[random.nextInt(PIECES.length)]);
      case 2 -> {
        if (at < text.length()) {
          String one = text.substring(at, at + 1);
          String swapped =
              one.equals(one.toUpperCase(Locale.ROOT))
                  ? one.toLowerCase(Locale.ROOT)
                  : one.toUpperCase(Locale.ROOT);
          text.replace(at, at + 1, swapped);
        }
      }
      case 3 -> {
        if (at < text.length()) {
          text.replace(at, at + 1, "%%%02x".formatted((int) text.charAt(at)));
        }
      }
      default -> {
        if (at < text.length()) {
          text.deleteCharAt(at);
        }
      }
    }
  }
}
