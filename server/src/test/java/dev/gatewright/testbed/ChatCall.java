package dev.gatewright.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A small chat by the JDK's own client, for tests that take gates away under its callers.
final class ChatCall {
  static final String PATH = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private ChatCall() {}

  /// Null when no whole answer came.
  ///
  /// @param gate scheme, host and port
  static @Nullable HttpResponse<String> send(HttpClient client, URI gate, String key) {
    HttpRequest request =
        HttpRequest.newBuilder(gate.resolve(PATH))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(BODY))
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException cut) {
      return null;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /// 0 when no whole answer came.
  static int status(HttpClient client, URI gate, String key) {
    HttpResponse<String> answer = send(client, gate, key);
    return answer == null ? 0 : answer.statusCode();
  }
}
