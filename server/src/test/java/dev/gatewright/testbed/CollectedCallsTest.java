package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a collector hears of calls.
class CollectedCallsTest {
  private static final Collector collector = collector();
  private static final EchoBackend backend = SocketWorld.backend();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup
              .settings(SocketWorld.services(backend))
              .environment("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
              .environment("OTEL_EXPORTER_OTLP_HEADERS", "api-key=of%20the%20collector")
              .environment("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
              .environment("OTEL_BSP_SCHEDULE_DELAY", "50")
              .environment("OTEL_METRIC_EXPORT_INTERVAL", "200"));

  private static final String BODY =
      "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"tell-nobody\"}]}";

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

  private static @Nullable String told(Span span, String name) {
    return Collector.attribute(span, name);
  }

  private static Span inward(RawClient.Answer answer) throws Exception {
    return collector.await(span -> of(span, answer) && span.getKind() == SpanKind.SPAN_KIND_SERVER);
  }

  private static Span outward(RawClient.Answer answer, int ordinal) throws Exception {
    return collector.await(span ->
        of(span, answer)
            && span.getKind() == SpanKind.SPAN_KIND_CLIENT
            && Integer.toString(ordinal).equals(told(span, "gatewright.try")));
  }

  private static boolean of(Span span, RawClient.Answer answer) {
    return Objects.equals(told(span, "gatewright.request.id"), answer.header("x-request-id"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, fast, false, chat, local, gpt-4o-mini, gpt-4o-mini-2024-07-18",
    "/v1/chat/completions, fast, true, chat, local, gpt-4o-mini,",
    "/v1/responses, fast, false, chat, local, gpt-4o-mini, gpt-4o-mini",
    "/v1/messages, claude, false, chat, claudes, claude-sonnet-4-5,",
    "/v1/messages, claude, true, chat, claudes, claude-sonnet-4-5,"
  })
  void a_call_is_a_span_below_the_callers_and_its_try_one_below_that(
      String path,
      String model,
      boolean stream,
      String operation,
      String provider,
      String asked,
      @Nullable String answered)
      throws Exception {
    RawClient.Answer answer =
        world.post(
            path,
            BODY.replace("fast", model).replace("{\"model", "{\"stream\":" + stream + ",\"model"),
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "tracestate: congo=t61,rojo=1");
    assertThat(answer.status()).isEqualTo(200);
    SeenRequest seen = world.provider().take();
    Span call = inward(answer);
    Span one = outward(answer, 0);

    assertThat(Collector.hex(call.getTraceId())).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Collector.hex(call.getParentSpanId())).isEqualTo("00f067aa0ba902b7");
    assertThat(call.getTraceState()).isEqualTo("congo=t61,rojo=1");
    assertThat(one.getTraceId()).isEqualTo(call.getTraceId());
    assertThat(one.getParentSpanId()).isEqualTo(call.getSpanId());
    assertThat(seen.header("traceparent"))
        .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-" + Collector.hex(one.getSpanId()) + "-01");
    assertThat(seen.header("tracestate")).isEqualTo("congo=t61,rojo=1");
    assertThat(call.getStartTimeUnixNano()).isLessThanOrEqualTo(one.getStartTimeUnixNano());
    assertThat(call.getEndTimeUnixNano()).isGreaterThanOrEqualTo(one.getEndTimeUnixNano());

    assertThat(call.getName()).isEqualTo("POST " + path);
    assertThat(told(call, "http.response.status_code")).isEqualTo("200");
    assertThat(told(call, "gatewright.key.id")).startsWith("key_");
    assertThat(one.getName()).isEqualTo(operation + " " + asked);
    assertThat(told(one, "gen_ai.operation.name")).isEqualTo(operation);
    assertThat(told(one, "gen_ai.provider.name")).isEqualTo(provider);
    assertThat(told(one, "gen_ai.request.model")).isEqualTo(asked);
    assertThat(told(one, "gen_ai.request.stream")).isEqualTo("" + stream);
    assertThat(told(one, "gen_ai.response.model")).isNotNull();
    if (answered != null) {
      assertThat(told(one, "gen_ai.response.model")).isEqualTo(answered);
    }
    assertThat(told(one, "gen_ai.usage.input_tokens")).isEqualTo("11");
    assertThat(told(one, "gen_ai.usage.output_tokens")).isEqualTo("7");
    assertThat(told(one, "gen_ai.usage.cache_read.input_tokens")).isEqualTo("3");
    assertThat(told(one, "gen_ai.response.time_to_first_chunk") != null).isEqualTo(stream);
    assertThat(told(one, "server.address")).isEqualTo("127.0.0.1");
    assertThat(told(one, "error.type")).isNull();
    assertThat(one.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void without_a_callers_trace_one_begins() throws Exception {
    RawClient.Answer answer =
        world.post("/v1/chat/completions", BODY, "traceparent: 00-nonsense", "tracestate: a=1");
    Span call = inward(answer);
    assertThat(call.getParentSpanId().isEmpty()).isTrue();
    assertThat(call.getTraceState()).isEmpty();
    SeenRequest seen = world.provider().take();
    assertThat(seen.header("traceparent"))
        .startsWith("00-" + Collector.hex(call.getTraceId()))
        .endsWith("-03");
    assertThat(seen.header("tracestate")).isNull();
  }

  @Test
  void what_a_caller_does_not_record_is_not_recorded_here() throws Exception {
    RawClient.Answer silent =
        world.post(
            "/v1/chat/completions",
            BODY,
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    assertThat(world.provider().take().header("traceparent"))
        .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
        .endsWith("-00");
    inward(world.post("/v1/chat/completions", BODY));
    assertThat(collector.spans()).noneMatch(span -> of(span, silent));
  }

  @Test
  void what_went_wrong_is_said_in_few_words() throws Exception {
    RawClient.Answer refused = world.post("/v1/chat/completions", BODY.replace("fast", "down"));
    Span one = outward(refused, 0);
    assertThat(told(one, "error.type")).isEqualTo("connect");
    assertThat(one.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    Span call = inward(refused);
    assertThat(told(call, "error.type")).isEqualTo("502");
    assertThat(call.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);

    world.provider().next(Answers.json(400, "{\"error\":{\"message\":\"tell-nobody\"}}"));
    RawClient.Answer wrong = world.post("/v1/chat/completions", BODY);
    assertThat(told(outward(wrong, 0), "error.type")).isEqualTo("400");
    assertThat(inward(wrong).getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
  }

  @Test
  void a_service_and_a_socket_have_spans_too() throws Exception {
    RawClient.Answer answer = world.post("/echo/api/post", "{}");
    assertThat(answer.status()).isEqualTo(200);
    Span one = outward(answer, 0);
    assertThat(told(one, "gatewright.service")).isEqualTo("echo");
    assertThat(told(one, "gen_ai.operation.name")).isNull();

    try (RawClient caller = world.caller()) {
      caller.get("/echo/ws", world.key(), SocketWorld.HANDSHAKE);
      RawClient.Head head = caller.head();
      assertThat(head.status()).isEqualTo(101);
      caller.leave(false);
      Span call =
          collector.await(span ->
              span.getKind() == SpanKind.SPAN_KIND_SERVER
                  && Objects.equals(
                      told(span, "gatewright.request.id"), head.headers().get("x-request-id")));
      assertThat(told(call, "http.response.status_code")).isEqualTo("101");
    }
  }

  @Test
  void a_call_of_the_control_plane_has_one() throws Exception {
    try (RawClient caller = world.caller()) {
      RawClient.Answer answer = caller.get("/api/keys/key_nobody", world.key(), "x-a: 1").answer();
      Span call = inward(answer);
      assertThat(call.getName()).startsWith("GET /api/");
      assertThat(told(call, "gatewright.key.id")).isNull();
    }
  }

  @Test
  void no_name_of_a_callers_making_is_long() throws Exception {
    RawClient.Answer answer =
        world.post("/v1/chat/completions", BODY.replace("fast", "local/" + "m".repeat(400)));
    assertThat(answer.status()).isEqualTo(200);
    Span one = outward(answer, 0);
    assertThat(one.getName()).hasSizeLessThanOrEqualTo(256);
    Collector.attributes(one.getAttributesList())
        .values()
        .forEach(value -> assertThat(value).hasSizeLessThanOrEqualTo(256));
  }

  @Test
  void metrics_arrive_under_the_names_they_are_shown_by() throws Exception {
    inward(world.post("/v1/chat/completions", BODY));
    Await.until(
        "tokens",
        Duration.ofSeconds(20),
        () ->
            collector.metrics().stream()
                .filter(each -> each.getName().equals("gatewright_tokens"))
                .flatMap(each -> each.getSum().getDataPointsList().stream())
                .anyMatch(point ->
                    Collector.attributes(point.getAttributesList()).equals(Map.of("type", "input"))
                        && point.getAsDouble() >= 11));
    List<Metric> metrics = collector.metrics();
    assertThat(metrics)
        .anyMatch(each ->
            each.getName().equals("gatewright_attempts_seconds")
                && each.getUnit().equals("s")
                && each.getHistogram().getDataPointsList().stream()
                    .anyMatch(point ->
                        point.getCount() > 0
                            && point.getBucketCountsCount() == point.getExplicitBoundsCount() + 1))
        .anyMatch(each -> each.getName().equals("gatewright_healthy") && each.hasGauge())
        .anyMatch(each -> each.getName().startsWith("jvm_memory"));
  }

  /// `local` is a name of this configuration, as organizations have theirs.
  @Test
  void calls_of_models_are_counted_in_the_conventions_words_without_callers_names()
      throws Exception {
    inward(world.post("/v1/chat/completions", BODY));
    inward(world.post("/v1/chat/completions", BODY.replace("fast", "local/named-by-a-caller")));
    Map<String, String> chat =
        Map.of("gen_ai.operation.name", "chat", "gen_ai.provider.name", "_OTHER");
    Await.until(
        "the conventions' metrics",
        Duration.ofSeconds(20),
        () ->
            points("gen_ai.client.operation.duration", chat).stream()
                .anyMatch(point -> point.getCount() >= 2));

    HistogramDataPoint took = points("gen_ai.client.operation.duration", chat).getLast();
    assertThat(took.getExplicitBoundsList()).hasSize(14).startsWith(0.01, 0.02).endsWith(81.92);
    HistogramDataPoint read =
        points("gen_ai.client.token.usage", with(chat, "gen_ai.token.type", "input")).getLast();
    assertThat(read.getExplicitBoundsList()).hasSize(14).startsWith(1.0, 4.0).endsWith(67108864.0);
    assertThat(read.getSum()).isEqualTo(read.getCount() * 11.0);
    HistogramDataPoint written =
        points("gen_ai.client.token.usage", with(chat, "gen_ai.token.type", "output")).getLast();
    assertThat(written.getSum()).isEqualTo(written.getCount() * 7.0);
    assertThat(collector.metrics())
        .anyMatch(each ->
            each.getName().equals("gen_ai.client.token.usage") && each.getUnit().equals("{token}"))
        .anyMatch(each ->
            each.getName().equals("gen_ai.client.operation.duration") && each.getUnit().equals("s"))
        .noneMatch(each -> each.toString().contains("named-by-a-caller"));
  }

  private static List<HistogramDataPoint> points(String metric, Map<String, String> attributes) {
    return collector.metrics().stream()
        .filter(each -> each.getName().equals(metric))
        .flatMap(each -> each.getHistogram().getDataPointsList().stream())
        .filter(point -> Collector.attributes(point.getAttributesList()).equals(attributes))
        .toList();
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    Map<String, String> all = new HashMap<>(some);
    all.put(name, value);
    return all;
  }

  @Test
  void nothing_said_and_no_credential_is_among_it() throws Exception {
    inward(world.post("/v1/chat/completions", BODY));
    inward(
        world.post("/v1/chat/completions", BODY.replace("{\"model", "{\"stream\":true,\"model")));
    assertThat(collector.resource())
        .containsEntry("service.name", "gatewright")
        .containsEntry("deployment.environment.name", "test")
        .containsKeys("service.version", "service.instance.id", "telemetry.sdk.version");
    assertThat(collector.everything())
        .contains("gen_ai.usage.input_tokens")
        .doesNotContain("tell-nobody", "Hello", world.key(), "upstream-secret", "backend-secret");
    assertThat(collector.heads())
        .allMatch(head -> List.of("of the collector").equals(head.get("Api-key")));
  }
}
