package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatewright.Gatewright;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Gates for the browser's scenarios, each from an empty folder with a provider and a clock of its
/// own, started and steered by `dashboard/tests/*.mjs` over loopback: `POST /world`, then `POST
/// /world/N/{admin,provider,cli,clock,stop,start,end}`.
final class ConsoleWorlds implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int SCRIPT_MINUTES_MAX = 12;

  private final Path folder;
  private final HttpServer server;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, World> worlds = new ConcurrentHashMap<>();

  ConsoleWorlds(Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::serve);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    for (World world : worlds.values()) {
      world.close();
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    ObjectNode answer = JSON.createObjectNode();
    int status = 200;
    try {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      JsonNode body = sent.length == 0 ? JSON.createObjectNode() : JSON.readTree(sent);
      act(exchange.getRequestURI().getPath().split("/", -1), body, answer);
    } catch (Exception | AssertionError failed) {
      status = 500;
      answer.put("failed", failed.toString());
    }
    byte[] text = JSON.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private void act(String[] path, JsonNode body, ObjectNode answer) throws Exception {
    if (path.length == 2) {
      int number = numbers.incrementAndGet();
      World world = new World(Files.createDirectories(folder.resolve("world" + number)), body);
      worlds.put(number, world);
      world.tell(answer.put("id", number));
      return;
    }
    World world = Objects.requireNonNull(worlds.get(Integer.parseInt(path[2])));
    switch (path[3]) {
      case "admin" -> world.admin(body, answer);
      case "provider" -> world.provider(body, answer);
      case "cli" -> world.commandLine(body, answer);
      case "clock" -> world.ahead.addAndGet(body.path("ahead_ms").asLong());
      case "stop" -> world.stop();
      case "start" -> world.start();
      case "end" -> {
        worlds.remove(Integer.parseInt(path[2]));
        world.close();
      }
      default -> throw new IllegalArgumentException(path[3]);
    }
  }

  /// One gate and what it stands between.
  private static final class World {
    private final Path data;
    private final FakeProvider fake = FakeProvider.start();
    private final String config;
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicReference<String> greeting = new AtomicReference<>("");
    private final Time time;
    private int port;
    private @Nullable Gatewright gate;
    private @Nullable Secret testKey;

    /// @param asked `settings`: further YAML, where `{fake}` is the provider's port and `{port}`
    ///   the gate's own
    World(Path folder, JsonNode asked) throws IOException {
      data = Files.createDirectories(folder.resolve("data"));
      MigratedFile.into(data);
      long start = System.currentTimeMillis();
      String at = asked.path("at").asText();
      if (!at.isEmpty()) {
        ahead.set(Instant.parse(at).toEpochMilli() - start);
      }
      time =
          new Time(
              () -> Instant.ofEpochMilli(System.currentTimeMillis() + ahead.get()),
              System::nanoTime);
      if (asked.path("settings").asText().contains("{port}")) {
        port = FakeProvider.refusedPort();
      }
      config =
          GateSetup.usual(folder, fake)
              .settings(
                  asked
                      .path("settings")
                      .asText()
                      .replace("{port}", Integer.toString(port))
                      .replace("{fake}", Integer.toString(fake.port())))
              .config();
      start();
    }

    void start() throws IOException {
      gate =
          Gatewright.start(
              ConfigSources.ofText(config)
                  .withFlag("listen.host", "127.0.0.1")
                  .withFlag("listen.port", Integer.toString(port))
                  .withFlag("data", data.toString()),
              time,
              greeting::set);
      port = java.net.URI.create(gate.url()).getPort();
      if (gate.firstTestKey() != null) {
        testKey = gate.firstTestKey();
      }
    }

    void stop() {
      if (gate != null) {
        gate.stop(GRACE);
        gate = null;
      }
    }

    void close() throws IOException {
      stop();
      fake.close();
    }

    void tell(ObjectNode answer) {
      answer.put("port", port).put("greeting", greeting.get()).put("data", data.toString());
      answer.put("test_key", testKey == null ? "" : testKey.expose());
    }

    void admin(JsonNode body, ObjectNode answer) throws Exception {
      HttpResponse<String> told =
          AdminClient.of(data)
              .send(
                  body.path("method").asText("GET"),
                  body.path("path").asText(),
                  body.has("body") ? body.path("body").toString() : "");
      answer.put("status", told.statusCode());
      answer.set("body", told.body().isEmpty() ? JSON.nullNode() : JSON.readTree(told.body()));
    }

    /// As at the gate's own machine.
    void commandLine(JsonNode body, ObjectNode answer) {
      List<String> words = new ArrayList<>();
      body.path("words").forEach(word -> words.add(word.asText()));
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      Terminal terminal =
          new Terminal(
              new BufferedReader(new StringReader("")),
              new PrintWriter(out),
              new PrintWriter(err),
              Map.of("GATEWRIGHT_DATA", data.toString()),
              false);
      int code = GatewrightCommand.run(words, terminal, new NoInstallation());
      answer.put("code", code).put("out", out.toString()).put("err", err.toString());
    }

    void provider(JsonNode body, ObjectNode answer) {
      String script = body.path("script").asText();
      if (!script.isEmpty()) {
        Script told = script(script, body);
        fake.answer((request, wire) ->
            (request.method().equals("POST") || script.equals("keyed") ? told : Answers.STANDARD)
                .answer(request, wire));
      }
      answer.put("seen", fake.seen().size());
      // Questions for lists of models leave connections that wait for the next.
      answer.put(
          "open",
          fake.seen().stream()
              .filter(each -> each.method().equals("POST"))
              .map(SeenRequest::connection)
              .distinct()
              .filter(each -> !each.closed().isDone())
              .count());
    }

    private static Script script(String name, JsonNode body) {
      return switch (name) {
        case "standard" -> Answers.STANDARD;
        case "hang" -> Answers.hang();
        case "endless" -> Answers.endless(Duration.ofMillis(50));
        case "json" -> Answers.json(body.path("status").asInt(200), body.path("body").toString());
        case "second" -> {
          // Busy at first, then it answers.
          AtomicInteger asked = new AtomicInteger();
          Script then = Answers.json(200, body.path("body").toString());
          Script busy = Answers.json(503, "{\"error\":{\"message\":\"busy\"}}");
          yield (request, wire) ->
              (asked.incrementAndGet() == 1 ? busy : then).answer(request, wire);
        }
        case "keyed" ->
            // Only the right key gets an answer.
            (request, wire) -> {
              boolean right =
                  ("Bearer " + body.path("key").asText()).equals(request.header("authorization"));
              if (right) {
                if (request.path().endsWith("/models")) {
                  wire.json(200, "{\"object\":\"list\",\"data\":[]}");
                } else {
                  Answers.STANDARD.answer(request, wire);
                }
              } else {
                wire.json(401, "{\"error\":{\"message\":\"Incorrect API key provided\"}}");
              }
            };
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// What a script of the browser told, one line each: `ok NAME` or `not ok NAME: WHY`.
  ///
  /// @param failed empty where it went well
  record Told(String name, String failed) {}

  List<Told> run(String script, Path out, String... more) throws Exception {
    return run(script, out, Map.of(), SCRIPT_MINUTES_MAX, more);
  }

  /// @param environment what the script reads beside its arguments
  List<Told> run(
      String script, Path out, Map<String, String> environment, int minutesMax, String... more)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("node", "tests/" + script, url(), out.toString()));
    line.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(Path.of("../dashboard").toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process node = builder.start();
    // The script bounds each scenario; this one is for a browser that takes the script with it.
    node.onExit()
        .completeOnTimeout(node, minutesMax, TimeUnit.MINUTES)
        .thenRun(() -> {
          node.descendants().forEach(ProcessHandle::destroyForcibly);
          node.destroyForcibly();
        });
    String text = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = node.waitFor();
    System.out.println(text);
    List<Told> told =
        new ArrayList<>(
            text.lines()
                .filter(each -> each.startsWith("ok ") || each.startsWith("not ok "))
                .map(each -> {
                  String rest = each.substring(each.startsWith("ok ") ? 3 : 7);
                  int colon = each.startsWith("ok ") ? -1 : rest.indexOf(": ");
                  return colon < 0
                      ? new Told(rest, "")
                      : new Told(rest.substring(0, colon), rest.substring(colon + 2));
                })
                .toList());
    told.add(new Told("the script ran to its end", status == 0 || status == 1 ? "" : text));
    return told;
  }
}
