package dev.gatewright.identity.oidc;

import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.fetch.Fetch.Fetched;
import dev.gatewright.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls to one identity provider: TLS but on this machine, addresses checked when they are
/// dialled, redirects not followed, answers bounded. What a provider's document names is not
/// trusted more than any other address. Blocks; thread-safe.
final class OidcHttp {
  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5));

  private static final long TOTAL_MILLIS_MAX = 8_000;
  private static final int ANSWER_BYTES_MAX = 256 << 10;

  private final Fetch fetch;
  private final Origin issuer;
  private final boolean allowPrivate;

  OidcHttp(Fetch fetch, OidcConfig config) {
    this.fetch = fetch;
    this.issuer = origin(URI.create(config.issuer()));
    this.allowPrivate = config.allowPrivate();
  }

  /// `https`, or `http` on this machine.
  static boolean usable(URI url) {
    String host = url.getHost();
    if (host == null || url.getRawUserInfo() != null) {
      return false;
    }
    boolean loopback =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    return "https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && loopback);
  }

  private static Origin origin(URI url) {
    boolean tls = url.getScheme().equals("https");
    String host = url.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    return new Origin(tls, host, url.getPort() > 0 ? url.getPort() : tls ? 443 : 80);
  }

  /// @throws IOException when it does not answer, or not 200
  String get(URI url) throws IOException {
    Fetched.Answer answer = send("GET", url, Map.of("accept", Secret.of("application/json")), null);
    if (answer.status() != 200) {
      throw new IOException("%s answered %d".formatted(url.getHost(), answer.status()));
    }
    return answer.body();
  }

  /// For the library's retriever.
  Resource resource(URI url) throws IOException {
    return new Resource(get(url), ContentType.APPLICATION_JSON.toString());
  }

  /// Sends what the library has made.
  HTTPResponse send(HTTPRequest request) throws IOException {
    Map<String, Secret> headers = new HashMap<>();
    for (Map.Entry<String, List<String>> header : request.getHeaderMap().entrySet()) {
      headers.put(
          header.getKey().toLowerCase(Locale.ROOT), Secret.of(header.getValue().getFirst()));
    }
    headers.put("accept", Secret.of("application/json"));
    Fetched.Answer answer =
        send(request.getMethod().name(), request.getURI(), headers, request.getBody());
    HTTPResponse response = new HTTPResponse(answer.status());
    String type = answer.headers().get("content-type");
    if (type != null) {
      try {
        response.setContentType(type);
      } catch (ParseException unreadable) {
        throw new IOException("content-type: not readable", unreadable);
      }
    }
    response.setBody(answer.body());
    return response;
  }

  private Fetched.Answer send(
      String method, URI url, Map<String, Secret> headers, @Nullable String body)
      throws IOException {
    if (!usable(url)) {
      throw new IOException("%s: not over TLS".formatted(url.getHost()));
    }
    Origin origin = origin(url);
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    Map<String, Secret> all = new HashMap<>(headers);
    all.put("user-agent", Secret.of("gatewright"));
    Fetched fetched =
        fetch.send(
            new Fetch.Request(
                origin,
                allowPrivate && origin.equals(issuer)
                    ? DialRules.ALLOW_PRIVATE
                    : DialRules.PUBLIC_ONLY,
                method,
                path + query,
                all,
                body,
                TIMEOUTS,
                TOTAL_MILLIS_MAX,
                ANSWER_BYTES_MAX));
    return switch (fetched) {
      case Fetched.Answer answer -> answer;
      case Fetched.Failed failed ->
          throw new IOException("%s: %s".formatted(url.getHost(), failed.failure().message()));
    };
  }
}
