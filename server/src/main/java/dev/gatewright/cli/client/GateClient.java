package dev.gatewright.cli.client;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Speaks the REST API as any other client would. One call at a time.
public final class GateClient {
  public static final ObjectMapper JSON = new ObjectMapper();

  private static final int ERROR_BYTES_MAX = 64 << 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(5);

  private final ServerAddress server;
  private final @Nullable String organization;
  private final HttpClient http;

  /// @param organization which one the calls are about; null = the server's first, or the key's
  public GateClient(ServerAddress server, @Nullable String organization) {
    this.server = server;
    this.organization = organization;
    this.http = client(server.certificate());
  }

  public JsonNode get(String path) {
    return send("GET", path, null);
  }

  public JsonNode post(String path, ObjectNode body) {
    return send("POST", path, body);
  }

  public JsonNode patch(String path, ObjectNode body) {
    return send("PATCH", path, body);
  }

  public JsonNode delete(String path) {
    return send("DELETE", path, null);
  }

  /// @param more further headers
  public JsonNode call(
      String method, String path, @Nullable ObjectNode body, Map<String, String> more) {
    return send(method, path, body, more);
  }

  /// An answer of any status.
  public record Said(int status, JsonNode body) {
    /// The error's code; empty for none.
    public String code() {
      return body.at("/error/code").asText("");
    }
  }

  /// Sends without a word about what comes back.
  public Said ask(String method, String path, ObjectNode body) {
    HttpResponse<String> answer =
        answered(request(method, path, body, Map.of()), BodyHandlers.ofString());
    return new Said(answer.statusCode(), parse(answer.body()));
  }

  /// Where it goes; without a final slash.
  public String url() {
    return server.url();
  }

  /// What `/health` of a server on this machine says, ready or not.
  ///
  /// @throws IOException when nobody answers, or somebody else
  public static HttpResponse<String> health(ServerFile server)
      throws IOException, InterruptedException {
    try (HttpClient http = client(server.certificate())) {
      return http.send(
          HttpRequest.newBuilder(URI.create(server.url() + "/health"))
              .timeout(HEALTH_TIMEOUT)
              .build(),
          BodyHandlers.ofString());
    }
  }

  /// True when the instance that wrote the file answers, ready or not.
  static boolean answers(ServerFile server) {
    try {
      String instance = JSON.readTree(health(server).body()).path("instance").asText();
      return instance.equals(server.instance());
    } catch (IOException | IllegalArgumentException nobody) {
      return false;
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  private JsonNode send(String method, String path, @Nullable ObjectNode body) {
    return send(method, path, body, Map.of());
  }

  private JsonNode send(
      String method, String path, @Nullable ObjectNode body, Map<String, String> more) {
    return read(answered(request(method, path, body, more), BodyHandlers.ofString()));
  }

  /// Copies an answer as it comes; what is said in place of one ends the command.
  ///
  /// @throws IOException when `into` cannot be written, or the answer breaks off
  public void download(String path, OutputStream into) throws IOException {
    HttpResponse<InputStream> answer =
        answered(request("GET", path, null, Map.of()), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() / 100 == 2) {
        body.transferTo(into);
      } else {
        String text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
        read(answer.statusCode(), answer.headers(), text);
      }
    }
  }

  private HttpRequest request(
      String method, String path, @Nullable ObjectNode body, Map<String, String> more) {
    try {
      BodyPublisher publisher =
          body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(URI.create(server.url() + path))
              .timeout(TIMEOUT)
              .method(method, publisher);
      Secret key = server.adminKey();
      if (key != null) {
        builder.header("authorization", "Bearer " + key.expose());
      }
      if (organization != null) {
        builder.header("x-gatewright-as-organization", organization);
      }
      more.forEach(builder::header);
      return (body == null ? builder : builder.header("content-type", "application/json")).build();
    } catch (IllegalArgumentException wrong) {
      throw new CommandFailed(
          ExitCode.USAGE, "address: %s (expected: http://host:port)".formatted(server.url()));
    }
  }

  private <T> HttpResponse<T> answered(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException unreachable) {
      throw new CommandFailed(
          ExitCode.NOT_REACHABLE,
          "The server at %s does not answer: %s".formatted(server.url(), reason(unreachable)));
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  private static JsonNode read(HttpResponse<String> answer) {
    return read(answer.statusCode(), answer.headers(), answer.body());
  }

  private static JsonNode read(int status, HttpHeaders headers, String body) {
    JsonNode json = parse(body);
    if (status / 100 == 2) {
      return json;
    }
    JsonNode error = json.path("error");
    String message =
        error.path("message").asText("status %d without an explanation".formatted(status));
    String id = headers.firstValue("x-request-id").orElse(error.path("request_id").asText("none"));
    int exitCode =
        switch (status) {
          case 401 -> ExitCode.INVALID_KEY;
          case 404 -> ExitCode.NOT_FOUND;
          default -> ExitCode.REFUSED;
        };
    String place = error.path("param").asText("");
    throw new CommandFailed(
        exitCode,
        "%s%s (status %d, request id %s)"
            .formatted(
                place.isEmpty() || message.startsWith(place) ? "" : place + ": ",
                message,
                status,
                id));
  }

  private static JsonNode parse(String body) {
    try {
      return body.isEmpty() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JacksonException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof SSLException
        && String.valueOf(failure.getMessage())
            .toLowerCase(Locale.ROOT)
            .contains("unrecognized ssl message")) {
      return "it speaks HTTP without TLS (expected: http:// in place of https://)";
    }
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private static CommandFailed interrupted() {
    Thread.currentThread().interrupt();
    return new CommandFailed(ExitCode.INTERRUPTED, "Interrupted.");
  }

  /// HTTP/1.1, never through a proxy of the environment: an admin key goes to the gate alone.
  ///
  /// @param certificate the one that is trusted, by its fingerprint; null = as this machine trusts
  private static HttpClient client(@Nullable String certificate) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(HttpClient.Builder.NO_PROXY);
    if (certificate != null) {
      builder.sslContext(PinnedCertificate.context(certificate));
    }
    return builder.build();
  }
}
