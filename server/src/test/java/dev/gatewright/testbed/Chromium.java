package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Debian's Chromium without a window, steered through its own protocol: what a page does in it is
/// what that page's scripts may do. One tab; not thread-safe.
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WAIT_SECONDS = 30;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final WebSocket socket;

  /// @param folder an empty one, for its profile
  /// @param flags more of its command line
  Chromium(Path folder, String... flags) throws Exception {
    List<String> line = new ArrayList<>();
    line.addAll(
        List.of(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder.resolve("profile")));
    line.addAll(List.of(flags));
    line.add("about:blank");
    process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.log").toFile())
            .start();
    Path port = folder.resolve("profile/DevToolsActivePort");
    Await.until(
        "the browser",
        Duration.ofSeconds(WAIT_SECONDS),
        () -> Files.exists(port) && Files.readString(port).contains("\n"));
    String base = "http://127.0.0.1:" + Files.readAllLines(port).getFirst();
    HttpRequest tab =
        HttpRequest.newBuilder(URI.create(base + "/json/new?about:blank"))
            .method("PUT", HttpRequest.BodyPublishers.noBody())
            .build();
    JsonNode target = JSON.readTree(http.send(tab, BodyHandlers.ofString()).body());
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(target.path("webSocketDebuggerUrl").asText()), new Listener())
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    command("Page.enable", JSON.createObjectNode());
    // Scripts of the test are not the page's: its policy is `DocsPageSystemTest`'s.
    command("Page.setBypassCSP", JSON.createObjectNode().put("enabled", true));
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, data, last);
    }
  }

  private void take(String message) {
    try {
      JsonNode json = JSON.readTree(message);
      CompletableFuture<JsonNode> waiting = answers.remove(json.path("id").asInt());
      if (waiting != null) {
        waiting.complete(json);
      }
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  JsonNode command(String method, ObjectNode parameters) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(message.toString(), true).get(WAIT_SECONDS, TimeUnit.SECONDS);
    JsonNode json = answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
    if (json.has("error")) {
      throw new IllegalStateException(method + ": " + json);
    }
    return json.path("result");
  }

  JsonNode command(String method) throws Exception {
    return command(method, JSON.createObjectNode());
  }

  /// Goes there, and is there when this returns.
  void open(String url) throws Exception {
    command("Page.navigate", JSON.createObjectNode().put("url", url));
    Await.until(
        url,
        Duration.ofSeconds(WAIT_SECONDS),
        () -> run("location.href + ' ' + document.readyState").asText().equals(url + " complete"));
  }

  /// The value of an expression in the page; of a promise, what it comes to.
  JsonNode run(String script) throws Exception {
    JsonNode result =
        command(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", script)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + result);
    }
    return result.at("/result/value");
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
    process.destroy();
    if (process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().isAlive()) {
      process.destroyForcibly();
    }
  }
}
