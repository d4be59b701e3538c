package dev.gatewright.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;
import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.web.TestPortal;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

class UsageApiTest {
  private static final Tenant OURS = new Tenant("org_1", "prj_1");
  private static final Tenant THEIRS = new Tenant("org_2", "prj_2");

  @EachDatabase
  void counts_everything_durable_and_only_the_callers_own(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);
      running.attempt(OURS, "req_1", 1, "local/b", false);
      running.attempt(OURS, "req_2", 0, "local/a", false);
      running.attempt(OURS, "req_3", 0, "sim/echo", true);
      running.attempt(THEIRS, "req_4", 0, "local/a", false);

      JsonNode model = running.get("/api/usage").path("data");
      assertThat(model).hasSize(1);
      assertThat(model.path(0).path("model").asText()).isEqualTo("fast");
      assertThat(model.path(0).path("requests").asLong()).isEqualTo(2);
      assertThat(model.path(0).path("attempts").asLong()).isEqualTo(3);
      assertThat(model.path(0).path("input_tokens").asLong()).isEqualTo(30);

      JsonNode target = running.get("/api/usage?by=target&since=1h").path("data");
      assertThat(target).hasSize(2);
      assertThat(target.path(0).path("target").asText()).isEqualTo("local/a");
      assertThat(target.path(0).path("requests").asLong()).isEqualTo(2);

      JsonNode provider = running.get("/api/usage?by=provider&test=false").path("data");
      assertThat(provider.path(0).path("requests").asLong()).isEqualTo(2);

      JsonNode test = running.get("/api/usage?by=key&test=true").path("data");
      assertThat(test.path(0).path("key").asText()).isEqualTo("key_1");
      assertThat(test.path(0).path("requests").asLong()).isEqualTo(1);
    }
  }

  @EachDatabase
  void shows_a_services_own_unit_in_rows_and_sums(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", Usage.of(Unit.AUDIO_SECONDS, 61_250, Source.PROVIDER));
      running.attempt(OURS, "req_2", Usage.of(Unit.AUDIO_SECONDS, 100, Source.COUNTED));
      running.attempt(OURS, "req_3", Usage.of(Unit.CHARACTERS, 42, Source.COUNTED));
      running.attempt(OURS, "req_4", Usage.of(Unit.IMAGES, 4, Source.COUNTED));
      running.attempt(OURS, "req_5", Usage.of(Unit.BYTES, 4_096, Source.COUNTED));
      running.attempt(OURS, "req_6", new Usage(10, 20, 0, 0, 0, Source.PROVIDER));

      JsonNode sum = running.get("/api/usage").path("data").path(0);
      assertThat(sum.path("audio_seconds").asText()).isEqualTo("61.35");
      assertThat(sum.path("characters").asLong()).isEqualTo(42);
      assertThat(sum.path("images").asLong()).isEqualTo(4);
      assertThat(sum.path("bytes").asLong()).isEqualTo(4_096);

      Map<String, String> rows = new TreeMap<>();
      for (JsonNode row : running.get("/api/usage/attempts").path("data")) {
        rows.put(
            row.path("request_id").asText(),
            row.path("quantity").asText() + " " + row.path("unit").asText());
      }
      assertThat(rows)
          .containsEntry("req_1", "61.25 audio_seconds")
          .containsEntry("req_3", "42 characters")
          .containsEntry("req_4", "4 images")
          .containsEntry("req_5", "4096 bytes")
          .containsEntry("req_6", "30 tokens");
    }
  }

  @EachDatabase
  void says_where_each_number_comes_from(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      Usage half = new Usage(10, 20, 4, 0, 0, Source.PROVIDER, Source.COUNTED);
      running.attempt(OURS, "req_1", half);
      running.attempt(OURS, "req_2", new Usage(10, 0, 0, 0, 0, Source.PROVIDER, Source.NONE));
      running.attempt(OURS, "req_3", Usage.of(Unit.IMAGES, 4, Source.COUNTED));

      Map<String, String> rows = new TreeMap<>();
      for (JsonNode row : running.get("/api/usage/attempts").path("data")) {
        rows.put(
            row.path("request_id").asText(),
            "%s = %s + %s, %s"
                .formatted(
                    row.path("source").asText(),
                    row.path("input_source").asText(),
                    row.path("output_source").asText(),
                    row.path("quantity_source").asText()));
      }
      assertThat(rows)
          .containsEntry("req_1", "counted = provider + counted, counted")
          .containsEntry("req_2", "provider = provider + none, provider")
          .containsEntry("req_3", "counted = none + none, counted");
    }
  }

  @EachDatabase
  void pages_through_attempts_newest_first(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      for (int i = 0; i < 5; i++) {
        running.attempt(OURS, "req_" + i, 0, "local/a", false);
        // Within one millisecond ids have no order.
        long now = Time.system().millis();
        Await.until(() -> Time.system().millis() > now);
      }
      running.attempt(THEIRS, "req_x", 0, "local/a", false);

      JsonNode first = running.get("/api/usage/attempts?limit=3");
      String cursor = first.path("next_cursor").asText();
      JsonNode second = running.get("/api/usage/attempts?limit=3&cursor=" + cursor);

      assertThat(first.path("data").findValuesAsText("request_id"))
          .containsExactly("req_4", "req_3", "req_2");
      assertThat(second.path("data").findValuesAsText("request_id"))
          .containsExactly("req_1", "req_0");
      assertThat(second.path("next_cursor").isNull()).isTrue();
      assertThat(second.path("data").path(0).path("status").asInt()).isEqualTo(200);
    }
  }

  @EachDatabase
  void refuses_parameters_it_does_not_understand(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      assertThat(running.refused("/api/usage?by=colour")).isEqualTo("422 by");
      assertThat(running.refused("/api/usage?since=7")).isEqualTo("422 since");
      assertThat(running.refused("/api/usage?since=0s")).isEqualTo("422 since");
      assertThat(running.refused("/api/usage?since=99999d")).isEqualTo("422 since");
      assertThat(running.refused("/api/usage?test=1")).isEqualTo("422 test");
      assertThat(running.refused("/api/usage?form=csv")).isEqualTo("422 form");
      assertThat(running.refused("/api/usage/attempts?limit=0")).isEqualTo("422 limit");
      assertThat(running.refused("/api/usage/attempts?limit=501")).isEqualTo("422 limit");
      assertThat(running.refused("/api/usage/attempts?cursor=x")).isEqualTo("400 cursor");
      String place = Base64.getUrlEncoder().encodeToString("x".repeat(60).getBytes(US_ASCII));
      assertThat(running.refused("/api/usage/attempts?cursor=" + place)).isEqualTo("400 cursor");
    }
  }

  /// The two routes, asked by an admin of our organization.
  private record Running(Ledger ledger, TestPortal portal) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Running start(Database database) {
      Ledger ledger = Ledger.start(database, Time.system());
      UsageApi api = new UsageApi(new UsageStore(database), ledger.projector(), Time.system());
      return new Running(
          ledger,
          new TestPortal(
              TestPortal.all(ApiKey.Kind.ADMIN, "key_aaaaaaaaaa", OURS), api.resource()));
    }

    void attempt(Tenant tenant, String requestId, int ordinal, String target, boolean test) {
      Usage usage = new Usage(10, 20, 0, 0, 0, Source.PROVIDER);
      attempt(tenant, requestId, ordinal, target, test, usage);
    }

    void attempt(Tenant tenant, String requestId, Usage usage) {
      attempt(tenant, requestId, 0, "whisper/-", false, usage);
    }

    private void attempt(
        Tenant tenant, String requestId, int ordinal, String target, boolean test, Usage usage) {
      CompletableFuture<Boolean> durable = new CompletableFuture<>();
      Opening opening =
          new Opening(
              requestId,
              ordinal,
              true,
              ordinal == 0,
              tenant,
              "key_1",
              "fast",
              target,
              target.substring(0, target.indexOf('/')),
              "/v1/chat/completions",
              false,
              test,
              Time.system().millis(),
              5);
      Attempt attempt =
          ledger
              .attempts()
              .open(
                  opening,
                  ImmediateEventExecutor.INSTANCE,
                  cause -> durable.complete(cause == null));
      assertThat(durable.join()).isTrue();
      ledger.attempts().close(attempt, new Outcome(End.COMPLETED, 200, usage, 1, 2, 3, 4));
    }

    JsonNode get(String path) throws IOException {
      HttpResponse<String> answer = portal.send(portal.request(path));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return JSON.readTree(answer.body());
    }

    String refused(String path) throws IOException {
      HttpResponse<String> answer = portal.send(portal.request(path));
      JsonNode error = JSON.readTree(answer.body()).path("error");
      return answer.statusCode() + " " + error.path("param").asText();
    }

    @Override
    public void close() {
      portal.close();
      ledger.close();
    }
  }
}
