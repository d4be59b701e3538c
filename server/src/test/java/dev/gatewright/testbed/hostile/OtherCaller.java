package dev.gatewright.testbed.hostile;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Somebody with a key of their own who goes on working, and the operator at the portal, while
/// others attack.
final class OtherCaller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PAUSE_MILLIS = 200;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final String live;
  private final String admin;
  private final List<String> failures = new ArrayList<>();
  private final List<Long> millis = new ArrayList<>();
  private volatile boolean going = true;
  private final Thread thread;

  OtherCaller(URI url, String live, String admin) {
    this.url = url;
    this.live = live;
    this.admin = admin;
    this.thread = Thread.ofPlatform().name("other-caller").start(this::run);
  }

  private void run() {
    for (int i = 0; going; i++) {
      try {
        if (i % 3 == 2) {
          ask(request("/api/keys?limit=1", admin));
        } else {
          ask(
              request("/v1/chat/completions", live)
                  .header("content-type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")));
        }
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException interrupted) {
        return;
      } catch (Exception failure) {
        failures.add(failure.toString());
      }
    }
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(PATIENCE)
        .header("authorization", "Bearer " + key);
  }

  private void ask(HttpRequest.Builder request) throws Exception {
    long start = System.nanoTime();
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    if (answer.statusCode() != 200) {
      failures.add(answer.uri().getPath() + " " + answer.statusCode() + " " + answer.body());
    }
  }

  /// Stops; then its findings can be read.
  @Override
  public void close() {
    going = false;
    try {
      thread.join(PATIENCE.toMillis() * 2);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  int count() {
    return millis.size();
  }

  /// Calls that took longer than a second.
  long late() {
    return millis.stream().filter(each -> each > 1_000).count();
  }

  long longestMillis() {
    return millis.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
