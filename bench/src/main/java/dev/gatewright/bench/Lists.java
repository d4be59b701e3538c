package dev.gatewright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What lists take over 100,000 keys: each as who runs the platform, as an owner of the largest
/// tenant and as one of its developers, from the first page on.
final class Lists {
  private static final int WARM_UP = 20;
  private static final int REQUESTS = 200;
  private static final int PAGES = 40;

  private static final List<String> TENANT =
      List.of(
          "/api/keys",
          "/api/keys?state=active",
          "/api/keys?state=disabled",
          "/api/keys?state=expired",
          "/api/keys?state=not_yet_valid",
          "/api/keys?state=rotating",
          "/api/keys?state=revoked",
          "/api/organizations",
          "/api/team/members",
          "/api/team/invitations",
          "/api/projects",
          "/api/policy/rules",
          "/api/policy/rules?on=project",
          "/api/credentials",
          "/api/audit",
          "/api/audit?action=member.remove",
          "/api/audit?from=2020-01-01T00:00:00Z",
          "/api/usage",
          "/api/usage?by=key&since=30d",
          "/api/usage/attempts");

  private static final List<String> PLATFORM =
      List.of(
          "/api/platform/organizations",
          "/api/platform/organizations?state=deleting",
          "/api/platform/people",
          "/api/organizations");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final GateUnderLoad gate;
  private final List<String> lines = new ArrayList<>();

  private Lists(GateUnderLoad gate) {
    this.gate = gate;
  }

  /// @param gate a fresh one, whose sign-up is open
  /// @return Markdown
  static List<String> measure(GateUnderLoad gate, int starts)
      throws IOException, InterruptedException, SQLException {
    Lists lists = new Lists(gate);
    String key = gate.mint();
    lists.claim();
    lists.starts("an empty store", key, starts);
    gate.whileStopped(() -> Populace.fill(gate.store(), System.currentTimeMillis()));
    lists.starts("%,d keys".formatted(Populace.KEYS), key, starts);
    lists.lines.add("");
    lists.lines.add("| list | who | pages | p50 ms | p99 ms | slowest ms |");
    lists.lines.add("|---|---|--:|--:|--:|--:|");
    lists.as("operator", lists.signIn("operator@example.com"), PLATFORM);
    lists.as("owner", lists.signIn(Populace.OWNER), TENANT);
    lists.as("developer", lists.signIn(Populace.developer(gate.store())), TENANT);
    return lists.lines;
  }

  private void claim() throws IOException, InterruptedException {
    String link = admin("/api/auth/setup/link", "").path("link").asText();
    String body =
        "{\"token\":\"%s\",\"email\":\"operator@example.com\",\"organization\":\"First\"}"
            .formatted(link.substring(link.indexOf('#') + 1));
    send("POST", "/api/auth/setup", body, Map.of());
  }

  private void starts(String on, String key, int count) throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      millis.add(gate.restart(Map.of(), key).callMillis());
    }
    if (count > 0) {
      lines.add(
          "- first answered call after a start on %s: %.0f ms (median of %d)"
              .formatted(on, Report.median(millis), count));
    }
  }

  /// @return the `Cookie` of a new session
  private String signIn(String email) throws IOException, InterruptedException {
    String body = "{\"email\":\"%s\"}".formatted(email);
    String asked = cookies(send("POST", "/api/auth/code", body, Map.of()));
    String code = admin("/api/auth/login-code", body).path("code").asText();
    String with = "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(email, code);
    return cookies(send("POST", "/api/auth/session", with, Map.of("cookie", asked)));
  }

  private static String cookies(HttpResponse<String> answer) {
    Map<String, String> kept = new LinkedHashMap<>();
    for (String cookie : answer.headers().allValues("set-cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      if (!cookie.contains("Max-Age=0")) {
        kept.put(pair[0], pair[1]);
      }
    }
    return String.join(
        "; ", kept.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  private JsonNode admin(String path, String body) throws IOException, InterruptedException {
    Map<String, String> headers = Map.of("authorization", "Bearer " + gate.adminKey());
    return JSON.readTree(send("POST", path, body, headers).body());
  }

  private void as(String who, String cookie, List<String> paths)
      throws IOException, InterruptedException {
    for (String path : paths) {
      Histogram nanos = new Histogram();
      int page = 1;
      int deepest = 1;
      long slowest = 0;
      String at = path;
      for (int i = 0; i < WARM_UP + REQUESTS; i++) {
        long start = System.nanoTime();
        HttpResponse<String> answer = send("GET", at, "", Map.of("cookie", cookie));
        long took = System.nanoTime() - start;
        deepest = Math.max(deepest, page);
        JsonNode next = JSON.readTree(answer.body()).path("next_cursor");
        boolean on = next.isTextual() && page < PAGES;
        at = on ? path + (path.contains("?") ? "&" : "?") + "cursor=" + next.asText() : path;
        page = on ? page + 1 : 1;
        if (i >= WARM_UP) {
          nanos.add(took);
          slowest = Math.max(slowest, took);
        }
      }
      lines.add(
          "| `%s` | %s | %d | %.1f | %.1f | %.1f |"
              .formatted(
                  path,
                  who,
                  deepest,
                  nanos.quantile(0.5) / 1e6,
                  nanos.quantile(0.99) / 1e6,
                  slowest / 1e6));
    }
  }

  private HttpResponse<String> send(
      String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .header("sec-fetch-site", "same-origin")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    headers.forEach(request::header);
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return answer;
  }
}
