package dev.gatewright.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.key.ApiKey;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.telemetry.LogIds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PortalTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TestPortal portal;

  record Thing(String displayName, int count) {
    Thing {
      if (count < 0) {
        throw new IllegalArgumentException("count: %d (expected: ≥ 0)".formatted(count));
      }
    }
  }

  @BeforeAll
  static void start() {
    portal =
        new TestPortal(
            PortalTest::admit,
            new Resource(
                "usage",
                List.of(
                    ApiRoute.post(
                        "/api/things",
                        Access.of(Permission.KEY_READ),
                        1_024,
                        call -> Answer.created(call.body(Thing.class))),
                    ApiRoute.get(
                        "/api/me",
                        Access.of(Permission.KEY_READ),
                        call -> Answer.ok(PortalTest.seen(ApiCaller.of(call)))),
                    ApiRoute.get(
                        "/api/things/{id}",
                        Access.of(Permission.KEY_READ),
                        call -> {
                          throw Problem.notFound("no thing " + call.path("id"));
                        }),
                    ApiRoute.get(
                        "/api/broken",
                        Access.of(Permission.KEY_READ),
                        _ -> {
                          throw new IllegalStateException("gw_live_0123456789_secret leaked");
                        }),
                    ApiRoute.get(
                        "/api/away",
                        Access.of(Permission.KEY_READ),
                        _ -> {
                          throw new StoreFailed("the disk is full");
                        }))));
  }

  @AfterAll
  static void stop() {
    portal.close();
  }

  private static Admitted admit(Function<String, List<String>> headers, InetAddress client) {
    ApiKey.Kind kind =
        switch (String.join("", headers.apply("authorization"))) {
          case "Bearer admin", "Bearer local" -> ApiKey.Kind.ADMIN;
          case "Bearer live" -> ApiKey.Kind.LIVE;
          default -> null;
        };
    if (kind == null) {
      return new Admitted.No(Refusal.badKey(), "unknown");
    }
    boolean local = headers.apply("authorization").contains("Bearer local");
    return new Admitted.Yes(
        KeyCaller.of(
            new ApiKey(
                local ? "key_local" : "key_0123456789",
                new Tenant("org_a", "prj_a"),
                kind,
                "n",
                true,
                "local",
                0,
                0,
                null,
                null,
                List.of())));
  }

  private static HttpRequest.Builder request(String path) {
    return portal.request(path).header("authorization", "Bearer admin");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    return portal.send(request);
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return send(
        request("/api/things")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode error(HttpResponse<String> answer, int status) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode error = JSON.readTree(answer.body()).path("error");
    assertThat(error.path("request_id").asText()).startsWith("req_");
    return error;
  }

  private static String code(String authorization, int status) throws Exception {
    HttpResponse<String> answer =
        send(request("/api/me").setHeader("authorization", authorization));
    return error(answer, status).path("code").asText();
  }

  private static Map<String, Object> seen(ApiCaller caller) {
    return Map.of(
        "id", caller.id(),
        "platform_owner", caller.platformOwner(),
        "address", caller.address());
  }

  @Test
  void head_is_no_method_of_any_route() {
    HttpResponse<String> answer = send(request("/api/me").method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(405);
  }

  @Test
  void refuses_without_this_starts_secret_and_says_nothing() throws Exception {
    for (Map<String, String> headers :
        List.<Map<String, String>>of(Map.of(), Map.of(HandoffHeaders.SECRET, "wrong"))) {
      HttpRequest.Builder bare =
          HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + portal.portal().port() + "/docs"));
      headers.forEach(bare::header);
      HttpResponse<String> answer = send(bare);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers().firstValue("connection")).hasValue("close");
    }
  }

  @Test
  void api_takes_admin_keys_only() throws Exception {
    assertThat(code("Bearer junk", 401)).isEqualTo("invalid_api_key");
    assertThat(code("Bearer live", 403)).isEqualTo("policy_denied");
    // Whether a route exists is nobody's business before the key is accepted.
    error(send(request("/api/none").setHeader("authorization", "Bearer junk")), 401);
  }

  @Test
  void caller_is_confined_to_its_organization_unless_local() throws Exception {
    JsonNode admin = JSON.readTree(send(request("/api/me")).body());
    assertThat(admin.path("platform_owner").asBoolean()).isFalse();
    assertThat(admin.path("id").asText()).isEqualTo("key_0123456789");
    assertThat(admin.path("address").asText()).isEqualTo("10.1.2.3");
    JsonNode local =
        JSON.readTree(send(request("/api/me").setHeader("authorization", "Bearer local")).body());
    assertThat(local.path("platform_owner").asBoolean()).isTrue();
    assertThat(local.path("id").asText()).isEqualTo("local");
  }

  @Test
  void maps_bodies_to_their_status_and_place() throws Exception {
    HttpResponse<String> made = post("{\"display_name\":\"a\",\"count\":1}");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.body()).isEqualTo("{\"display_name\":\"a\",\"count\":1}");
    error(post("{\"display_name\":"), 400);
    error(post("{\"count\":1,\"count\":2}"), 400);
    assertThat(error(post("{\"count\":1,\"displayname\":\"a\"}"), 422).path("param").asText())
        .isEqualTo("/displayname");
    assertThat(error(post("{\"count\":\"many\"}"), 422).path("param").asText()).isEqualTo("/count");
    assertThat(error(post("{\"count\":-1}"), 422).path("message").asText())
        .isEqualTo("count: -1 (expected: ≥ 0)");
    error(post("{\"display_name\":\"" + "x".repeat(1_024) + "\"}"), 413);
  }

  @Test
  void refuses_wrong_type_method_and_path() throws Exception {
    error(
        send(
            request("/api/things")
                .header("content-type", "text/plain")
                .POST(BodyPublishers.ofString("{}"))),
        415);
    error(send(request("/api/things").DELETE()), 405);
    error(send(request("/api/none")), 404);
    error(send(request("/nothing")), 404);
    assertThat(error(send(request("/api/things/7")), 404).path("message").asText())
        .isEqualTo("no thing 7");
  }

  @Test
  void a_bug_shows_nothing_of_itself() throws Exception {
    HttpResponse<String> answer = send(request("/api/broken"));
    assertThat(error(answer, 500).path("code").asText()).isEqualTo("internal_error");
    assertThat(answer.body()).doesNotContain("leaked");
  }

  @Test
  void the_lines_about_a_request_have_its_ids() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Refusals.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      send(
          request("/api/broken")
              .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
      send(request("/api/broken"));
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.getFirst().getMDCPropertyMap())
        .containsEntry(LogIds.TRACE, "4bf92f3577b34da6a3ce929d0e0e4736")
        .containsKey(LogIds.REQUEST);
    // Of the next request only its own.
    assertThat(lines.list.getLast().getMDCPropertyMap())
        .containsKey(LogIds.REQUEST)
        .doesNotContainKey(LogIds.TRACE);
  }

  @Test
  void a_store_that_is_away_is_503_with_retry_after() throws Exception {
    HttpResponse<String> answer = send(request("/api/away"));
    assertThat(error(answer, 503).path("code").asText()).isEqualTo("overloaded");
    assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
    assertThat(answer.body()).doesNotContain("disk");
  }

  @Test
  void refuses_a_query_or_a_body_that_no_route_knows() throws Exception {
    assertThat(error(send(request("/api/me?who=1")), 422).path("param").asText()).isEqualTo("who");
    error(send(request("/api/me?%ff=1")), 400);
    error(send(request("/api/me?a%00")), 400);
    error(
        send(
            request("/api/me")
                .header("content-type", "application/json")
                .method("GET", BodyPublishers.ofString("{}"))),
        413);
  }

  @Test
  void long_values_are_cut_in_what_says_no() throws Exception {
    HttpResponse<String> answer = post("{\"count\":1,\"" + "x".repeat(900) + "\":1}");
    assertThat(error(answer, 422).path("param").asText()).hasSize(201).endsWith("…");
    assertThat(answer.body().length()).isLessThan(1_000);
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void documentation_needs_no_key_and_runs_only_files_of_the_jar() throws Exception {
    HttpResponse<String> page = send(request("/docs").setHeader("authorization", "none"));
    assertThat(page.statusCode()).isEqualTo(200);
    // Nothing inline, no eval, nothing from elsewhere.
    assertThat(header(page, "content-security-policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'");
    assertThat(page.body()).doesNotContain("http://", "https://", "<script>", "style=");
    List<String> parts =
        Pattern.compile("/docs/[a-z.-]+")
            .matcher(page.body())
            .results()
            .map(r -> r.group())
            .toList();
    assertThat(parts).contains("/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css");
    for (String part : parts) {
      HttpResponse<String> answer = send(request(part));
      assertThat(answer.statusCode()).as(part).isEqualTo(200);
      assertThat(answer.body()).as(part).isNotBlank();
      assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
      assertThat(header(answer, "content-type"))
          .isEqualTo(
              "text/%s; charset=utf-8".formatted(part.endsWith("js") ? "javascript" : "css"));
    }
    assertThat(send(request("/docs/swagger-ui-bundle.js")).body()).contains("SwaggerUIBundle");
    error(send(request("/docs/none.js")), 404);
  }

  @Test
  void documentation_is_sent_once_and_compressed() throws Exception {
    for (String path : List.of("/docs", "/docs/swagger-ui-bundle.js", "/openapi.json")) {
      HttpResponse<String> first = send(request(path));
      assertThat(first.headers().firstValue("content-encoding")).isEmpty();
      HttpResponse<String> packed = send(request(path).header("accept-encoding", "gzip, br"));
      assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
      assertThat(packed.body().length()).isLessThan(first.body().length());
      HttpResponse<String> again =
          send(request(path).header("if-none-match", header(first, "etag")));
      assertThat(again.statusCode()).as(path).isEqualTo(304);
      assertThat(again.body()).isEmpty();
    }
    JsonNode document = JSON.readTree(send(request("/openapi.json")).body());
    assertThat(document.path("openapi").asText()).startsWith("3.1");
    assertThat(document.path("paths").has("/openapi.json")).isTrue();
  }
}
