package dev.gatewright.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
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
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.web.TestPortal;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
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

  @EachDatabase
  void sums_by_two_groups_in_a_zone_and_as_a_table(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);
      running.attempt(OURS, "req_2", 0, "=cmd/a", false);
      running.attempt(THEIRS, "req_3", 0, "local/a", false);

      String today = LocalDate.now(ZoneId.of("Asia/Kathmandu")).toString();
      JsonNode rows = running.get("/api/usage?group=provider,day&tz=Asia/Kathmandu").path("data");
      assertThat(rows).hasSize(2);
      assertThat(rows.path(0).path("day").asText()).isEqualTo(today);
      assertThat(rows.findValuesAsText("provider")).containsExactly("=cmd", "local");
      assertThat(rows.path(0).path("cost").asText()).isEqualTo("0");
      assertThat(rows.path(0).path("unpriced").asLong()).isZero();
      String csv = running.text("/api/usage?group=provider&format=csv");
      assertThat(csv).startsWith("provider,requests,attempts,").contains("\r\n'=cmd,1,1,10,20,");

      assertThat(running.get("/api/usage?group=model&from=2020-01-01&to=2020-02-01").path("data"))
          .isEmpty();
      assertThat(running.refused("/api/usage?group=model,key,day")).isEqualTo("422 group");
      assertThat(running.refused("/api/usage?group=model&by=key")).isEqualTo("422 by");
      assertThat(running.refused("/api/usage?tz=Mars")).isEqualTo("422 tz");
      assertThat(running.refused("/api/usage?from=soon")).isEqualTo("422 from");
      assertThat(running.refused("/api/usage?from=2026-01-02&to=2026-01-01")).isEqualTo("422 to");
      assertThat(running.refused("/api/usage?colour=red")).isEqualTo("422 colour");
    }
  }

  @EachDatabase
  void a_series_has_no_gap(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);

      JsonNode hours = running.get("/api/usage/series?step=1h&since=24h").path("data");
      assertThat(hours.size()).isBetween(24, 26);
      long requests = 0;
      for (JsonNode hour : hours) {
        requests += hour.path("requests").asLong();
      }
      assertThat(requests).isEqualTo(1);
      assertThat(hours.path(hours.size() - 1).path("at").asText()).endsWith(":00:00Z");
      assertThat(running.get("/api/usage/series?step=1mo&since=90d&group=provider").path("data"))
          .hasSizeBetween(3, 5);
      assertThat(running.refused("/api/usage/series?step=15m&since=3000d")).isEqualTo("422 step");
      assertThat(running.refused("/api/usage/series?step=2h")).isEqualTo("422 step");
      assertThat(running.refused("/api/usage/series?group=day")).isEqualTo("422 group");
    }
  }

  @EachDatabase
  void events_are_found_by_what_they_are(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);
      running.attempt(OURS, "req_2", 0, "local/b", false);

      JsonNode all = running.get("/api/usage/events").path("data");
      assertThat(all).hasSize(2);
      assertThat(all.path(0).path("cost").isNull()).isTrue();
      assertThat(all.path(0).path("unpriced").asBoolean()).isFalse();
      assertThat(all.path(0).path("tags").isArray()).isTrue();
      assertThat(running.get("/api/usage/events?request=req_2&status=200").path("data")).hasSize(1);
      assertThat(running.get("/api/usage/events?key=key_2").path("data")).isEmpty();
      assertThat(running.get("/api/usage/events?min_cost=0.01").path("data")).isEmpty();
      assertThat(running.get("/api/usage/events?tag=red").path("data")).isEmpty();
      assertThat(running.get("/api/usage/events?outcome=completed&since=1h").path("data"))
          .hasSize(2);
      assertThat(running.refused("/api/usage/events?outcome=good")).isEqualTo("422 outcome");
      assertThat(running.refused("/api/usage/events?min_cost=x")).isEqualTo("422 min_cost");
      assertThat(running.refused("/api/usage/events?colour=red")).isEqualTo("422 colour");
    }
  }

  @EachDatabase
  void an_export_is_fetched_in_one_piece(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);
      running.attempt(OURS, "req_2", 0, "local/b", false);
      running.attempt(THEIRS, "req_3", 0, "local/a", false);
      // What begins in the same millisecond as the export is not in it.
      long now = Time.system().millis();
      Await.until(() -> Time.system().millis() > now);

      JsonNode csv = running.post("{\"format\":\"csv\"}");
      assertThat(csv.path("state").asText()).isEqualTo("ready");
      String[] lines = running.text(csv.path("url").asText()).split("\r\n");
      assertThat(lines).hasSize(3);
      assertThat(lines[0]).startsWith("id,request_id,").endsWith(",tags,member_id");
      JsonNode some = running.post("{\"format\":\"jsonl\",\"request\":\"req_2\"}");
      String[] rows = running.text(some.path("url").asText()).split("\n");
      assertThat(rows).singleElement().asString().contains("\"request_id\":\"req_2\"");
      assertThat(running.get("/api/usage/exports").path("data")).hasSize(2);
      assertThat(running.get("/api/usage/exports/" + csv.path("id").asText())).isEqualTo(csv);
      assertThat(running.refused("/api/usage/exports/exp_1")).startsWith("404");
    }
  }

  /// Sums stay when rows go; the same rows are not dropped of who keeps them.
  @EachDatabase
  void rows_are_dropped_when_their_days_are_over(Database database) throws Exception {
    try (Running running = Running.start(database)) {
      running.attempt(OURS, "req_1", 0, "local/a", false);
      running.attempt(THEIRS, "req_2", 0, "local/a", false);
      running.get("/api/usage");
      database.write(handle -> {
        UsageRetentionStore.keep(handle, "org_1", 30, 0);
        return true;
      });
      long day = Duration.ofDays(1).toMillis();
      long now = Time.system().millis();
      assertThat(dropped(database, now + 29 * day)).isZero();
      assertThat(dropped(database, now + 31 * day)).isEqualTo(1);
      assertThat(running.get("/api/usage/events").path("data")).isEmpty();
      assertThat(running.get("/api/usage?from=2026-01-01").path("data").path(0).path("requests"))
          .hasToString("1");
      assertThat(
              database.<Long>read(handle ->
                  handle.createQuery("SELECT COUNT(*) FROM usage_attempt").mapTo(Long.class).one()))
          .isEqualTo(1);
    }
  }

  private static long dropped(Database database, long nowMillis) throws InterruptedException {
    Time then = new Time(() -> Instant.ofEpochMilli(nowMillis), System::nanoTime);
    return new UsageRetention(database, then).round();
  }

  /// The routes, asked by an admin of our organization.
  private record Running(TestKeys keys, Ledger ledger, TestPortal portal) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Running start(Database database) {
      TestKeys keys = new TestKeys(database);
      Ledger ledger = Ledger.start(database, Time.system());
      UsageApi api =
          new UsageApi(
              new UsageStore(database),
              database,
              ledger.projector(),
              new TenantWrites(database, keys.feed, keys.keys.audit(), keys.time),
              Time.system());
      return new Running(
          keys,
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

    String text(String path) throws IOException {
      HttpResponse<String> answer = portal.send(portal.request(path));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    }

    JsonNode post(String body) throws IOException {
      HttpResponse<String> answer =
          portal.send(
              portal
                  .request("/api/usage/exports")
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
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
      keys.close();
    }
  }
}
