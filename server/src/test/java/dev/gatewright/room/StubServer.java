package dev.gatewright.room;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A provider's interface over loopback: answers by itself, or for the next calls as it is told.
/// Remembers what it was asked. Thread-safe.
public abstract class StubServer implements AutoCloseable {
  /// @param body null = none
  public record Answer(int status, Map<String, String> headers, String body) {
    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body);
    }
  }

  /// What one call is answered with.
  @FunctionalInterface
  public interface Script {
    void answer(HttpExchange exchange) throws IOException;
  }

  /// One call as it came.
  public record Seen(String method, String path, String authorization, String body) {}

  private final HttpServer server;
  private final Queue<Script> next = new ConcurrentLinkedQueue<>();
  private volatile @Nullable CountDownLatch held;
  private final CountDownLatch closing = new CountDownLatch(1);
  public final List<Seen> seen = new CopyOnWriteArrayList<>();

  protected StubServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
  }

  public void start() {
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next call is answered so, whatever it is.
  public void next(int status, String body) {
    next(Answer.of(status, body));
  }

  public void next(Answer answer) {
    next.add(exchange -> write(exchange, answer));
  }

  public void next(Script script) {
    next.add(script);
  }

  /// The next call's answer is announced longer than it is.
  public void nextCut() {
    next.add(exchange -> {
      exchange.sendResponseHeaders(200, 1_000);
      exchange.getResponseBody().write("{\"na".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    });
  }

  /// The next call is answered once `latch` is open, as if nothing had been said.
  public void nextWaits(CountDownLatch latch) {
    held = latch;
  }

  /// The next call is never answered.
  public void nextHang() {
    next.add(_ -> {
      try {
        closing.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    });
  }

  /// How a call is answered when nothing else was said.
  protected abstract Answer answer(Seen call);

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String authorization = exchange.getRequestHeaders().getFirst("authorization");
      Seen call =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              authorization == null ? "" : authorization,
              body);
      seen.add(call);
      await(held);
      Script script = next.poll();
      if (script == null) {
        write(exchange, answer(call));
      } else {
        script.answer(exchange);
      }
    }
  }

  private void await(@Nullable CountDownLatch latch) throws IOException {
    held = null;
    try {
      if (latch != null) {
        latch.await();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
