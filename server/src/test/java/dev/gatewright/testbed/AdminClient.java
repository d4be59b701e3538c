package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The admin REST over HTTP, found through `server.json` as the command line finds it. Thread-safe.
public final class AdminClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private final URI url;
  private final String key;
  private final @Nullable String organization;

  /// @param key the secret text, shown this once
  public record Key(String id, String key) {}

  private AdminClient(URI url, String key, @Nullable String organization) {
    this.url = url;
    this.key = key;
    this.organization = organization;
  }

  /// The same for another organization than the server's first.
  AdminClient in(String named) {
    return new AdminClient(url, key, named);
  }

  static AdminClient of(Path data) throws IOException {
    ServerFile server = ServerFile.read(data);
    return new AdminClient(server.url(), server.adminKey(), null);
  }

  /// A live key without any rule.
  Key liveKey(String name) throws IOException, InterruptedException {
    return createKey("{\"name\":\"%s\"}".formatted(name));
  }

  public Key createKey(String body) throws IOException, InterruptedException {
    JsonNode made = call("POST", "/api/keys", body, 201);
    return new Key(made.get("id").asText(), made.get("key").asText());
  }

  void revoke(String keyId) throws IOException, InterruptedException {
    send("POST", "/api/keys/" + keyId + "/revoke", "");
  }

  /// @param query such as `by=model`
  JsonNode usage(String query) throws IOException, InterruptedException {
    return call("GET", "/api/usage?" + query, "", 200).get("data");
  }

  public JsonNode call(String method, String path, String body, int expected)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, body);
    if (answer.statusCode() != expected) {
      throw new AssertionError(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  /// @param headers names and values, one behind the other
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("authorization", "Bearer " + key);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    if (organization != null) {
      request.header("x-gatewright-as-organization", organization);
    }
    if (body.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("content-type", "application/json");
      request.method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
