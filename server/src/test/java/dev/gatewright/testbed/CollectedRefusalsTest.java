package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a collector hears of requests that were refused before they became calls.
class CollectedRefusalsTest {
  private static final Collector collector = collector();
  private static final EchoBackend backend = SocketWorld.backend();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup
              .settings(SocketWorld.services(backend))
              .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
              .environment("OTEL_BSP_SCHEDULE_DELAY", "50")
              .environment("GATEWRIGHT_LIMITS_BODY", "64KiB"));

  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"fast\",\"messages\":[]}";
  private static final String BAD_KEY =
      "gw_live_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef_000000";

  private static Collector collector() {
    try {
      return Collector.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    collector.close();
    backend.close();
  }

  private static String told(Span span, String name) {
    return String.valueOf(Collector.attribute(span, name));
  }

  private static boolean of(Span span, RawClient.Answer answer) {
    return Objects.equals(
        Collector.attribute(span, "gatewright.request.id"), answer.header("x-request-id"));
  }

  /// Its only span.
  private static Span refused(int status, RawClient.Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    Span span = collector.await(each -> of(each, answer));
    assertThat(collector.spans()).filteredOn(each -> of(each, answer)).hasSize(1);
    assertThat(span.getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(told(span, "http.response.status_code")).isEqualTo("" + status);
    assertThat(told(span, "error.type")).isEqualTo("" + status);
    assertThat(span.getStatus().getCode())
        .isEqualTo(status < 500 ? StatusCode.STATUS_CODE_UNSET : StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
    return span;
  }

  private static RawClient.Answer post(String path, String key, String body, String... headers)
      throws IOException {
    try (RawClient caller = world.caller()) {
      return caller.post(path, key, body, headers).answer();
    }
  }

  @Test
  void a_bad_key_is_a_span_of_nobody_below_the_callers() throws Exception {
    Span span =
        refused(
            401,
            post(
                CHAT,
                BAD_KEY,
                BODY,
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "tracestate: congo=t61"));
    assertThat(span.getName()).isEqualTo("POST " + CHAT);
    assertThat(told(span, "http.route")).isEqualTo(CHAT);
    assertThat(Collector.hex(span.getTraceId())).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Collector.hex(span.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
    assertThat(Collector.attribute(span, "gatewright.key.id")).isNull();
    assertThat(Collector.attribute(span, "gatewright.organization.id")).isNull();
    assertThat(told(span, "gatewright.reason")).isNotEqualTo("null");
    assertThat(collector.everything()).doesNotContain(BAD_KEY);
  }

  @Test
  void what_a_known_caller_may_not_have_says_whose_it_was() throws Exception {
    AdminClient.Key narrow =
        world.admin().createKey("{\"name\":\"narrow\",\"models\":[\"claude\"]}");
    Span denied = refused(403, post(CHAT, narrow.key(), BODY));
    assertThat(told(denied, "gatewright.key.id")).isEqualTo(narrow.id());
    assertThat(told(denied, "gatewright.organization.id")).startsWith("org_");
    assertThat(told(denied, "gatewright.project.id")).startsWith("prj_");
    assertThat(told(denied, "gatewright.reason")).isEqualTo("policy_denied");

    AdminClient.Key once =
        world
            .admin()
            .createKey(
                "{\"name\":\"once\",\"limits\":[{\"kind\":\"requests\",\"max\":1,\"per\":\"hour\"}]}");
    assertThat(post(CHAT, once.key(), BODY).status()).isEqualTo(200);
    Span limited = refused(429, post(CHAT, once.key(), BODY));
    assertThat(told(limited, "gatewright.key.id")).isEqualTo(once.id());
  }

  @Test
  void a_model_or_body_or_path_that_is_none_has_one_too() throws Exception {
    Span unknown =
        refused(404, world.post(CHAT, BODY.replace("fast", "named-by-a-caller/and-nobody")));
    assertThat(told(unknown, "gatewright.reason")).isEqualTo("model_not_found");
    refused(400, world.post(CHAT, "{\"model\":"));
    refused(413, world.post(CHAT, BODY + " ".repeat(70_000)));
    Span nowhere = refused(404, world.post("/v1/named-by-a-caller", "{}"));
    assertThat(nowhere.getName()).isEqualTo("POST /v1/{rest}");
    Span method;
    try (RawClient caller = world.caller()) {
      caller.send(
          "NAMEDBYACALLER %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(CHAT, world.key()));
      method = refused(405, caller.answer());
    }
    assertThat(method.getName()).isEqualTo("HTTP " + CHAT);
    assertThat(told(method, "http.request.method")).isEqualTo("_OTHER");
    assertThat(collector.everything().toLowerCase(Locale.ROOT))
        .doesNotContain("named-by-a-caller", "namedbyacaller");
  }

  @Test
  void services_refusals_and_answers_that_are_no_calls_are_spans() throws Exception {
    refused(401, post("/echo/api/post", BAD_KEY, "{}"));
    refused(404, world.post("/nobody/api/post", "{}"));
    try (RawClient caller = world.caller()) {
      RawClient.Answer models = caller.get("/v1/models", world.key(), "x-a: 1").answer();
      assertThat(models.status()).isEqualTo(200);
      Span span = collector.await(each -> of(each, models));
      assertThat(told(span, "gatewright.key.id")).startsWith("key_");
      assertThat(Collector.attribute(span, "error.type")).isNull();
    }
  }

  @Test
  void who_asks_how_the_gate_is_has_none() throws Exception {
    RawClient.Answer health;
    try (RawClient caller = world.caller()) {
      health = caller.get("/health", world.key(), "x-a: 1").answer();
    }
    RawClient.Answer after = world.post(CHAT, BODY);
    collector.await(each -> of(each, after));
    assertThat(collector.spans()).noneMatch(each -> of(each, health));
  }

  /// Nobody's requests have a bound by the second, and calls of keys are all told meanwhile.
  @Test
  void a_flood_of_nobodys_requests_is_told_in_part_and_pushes_nobody_out() throws Exception {
    long began = System.nanoTime();
    long before = nobodys();
    String request =
        "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(CHAT, BAD_KEY);
    List<RawClient.Answer> known = new ArrayList<>();
    try (RawClient stranger = world.caller();
        RawClient caller = world.caller()) {
      for (int i = 0; i < 20; i++) {
        stranger.send(request.repeat(200));
        known.add(caller.post(CHAT, world.key(), BODY).answer());
        for (int j = 0; j < 200; j++) {
          assertThat(stranger.answer().status()).isIn(401, 429);
        }
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    for (RawClient.Answer answer : known) {
      assertThat(answer.status()).isEqualTo(200);
      collector.await(each -> of(each, answer) && each.getKind() == SpanKind.SPAN_KIND_SERVER);
    }
    assertThat(nobodys() - before).isBetween(1L, 101 + took.toMillis() / 20);
  }

  private static long nobodys() {
    return collector.spans().stream()
        .filter(each -> each.getKind() == SpanKind.SPAN_KIND_SERVER)
        .filter(each -> Collector.attribute(each, "gatewright.key.id") == null)
        .count();
  }
}
