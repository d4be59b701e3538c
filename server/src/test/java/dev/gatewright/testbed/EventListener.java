package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Somebody's browser with `/api/events` open, as `EventSource` reads it.
public final class EventListener implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpResponse<InputStream> answer;
  private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Long> ended = new CompletableFuture<>();
  private volatile String lastId = "";

  /// @param type `event:`
  record Heard(String id, String type, JsonNode data) {
    String text(String name) {
      return data.path(name).asText();
    }
  }

  private EventListener(HttpResponse<InputStream> answer) {
    this.answer = answer;
    if (answer.statusCode() == 200) {
      Thread.ofVirtual().start(this::read);
    }
  }

  public static EventListener open(
      Gate gate, TestPerson person, String organizationId, @Nullable String lastEventId)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gate.url().resolve("/api/events?organization=" + organizationId))
            .header("sec-fetch-site", "same-origin")
            .header("cookie", person.cookieAt(gate));
    if (lastEventId != null) {
      request.header("last-event-id", lastEventId);
    }
    return new EventListener(HTTP.send(request.build(), BodyHandlers.ofInputStream()));
  }

  HttpResponse<InputStream> answer() {
    return answer;
  }

  /// What an `EventSource` would bring.
  public String lastId() {
    return lastId;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String type = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          heard.add(new Heard(lastId, type, TestPerson.JSON.readTree(data)));
          data = "";
        }
      }
    } catch (IOException brokenOff) {
      // Over either way.
    } finally {
      ended.complete(System.nanoTime());
    }
  }

  /// The next event.
  Heard next() throws InterruptedException {
    Heard next = heard.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no event in 10 s");
    }
    return next;
  }

  /// The next event of this type; others are passed over.
  Heard next(String type) throws InterruptedException {
    Heard next = next();
    while (!next.type().equals(type)) {
      next = next();
    }
    return next;
  }

  /// All that comes within `millis`.
  List<Heard> within(long millis) throws InterruptedException {
    List<Heard> all = new ArrayList<>();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      Heard next = heard.poll(left, TimeUnit.NANOSECONDS);
      if (next != null) {
        all.add(next);
      }
    }
    return all;
  }

  /// When it ended, by [System#nanoTime].
  long ended() throws Exception {
    return ended.get(10, TimeUnit.SECONDS);
  }

  boolean open() {
    return !ended.isDone();
  }

  @Override
  public void close() throws IOException {
    answer.body().close();
  }
}
