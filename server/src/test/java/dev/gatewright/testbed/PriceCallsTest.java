package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What calls cost, from the provider's answer to the row, through the whole product.
class PriceCallsTest {
  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, _) ->
          setup.settings(
              """
              prices:
                entries:
                  - model: local/priced
                    meters: { input: 2/1M, cache_read: 0.2/1M, output: 8/1M, output_audio: 20/1M }
                    service: { flex: 1/2 }
                  - model: claudes/*
                    meters: { input: 5/1M, cache_read: 0.5/1M, cache_write_5m: 6.25/1M, cache_write_1h: 10/1M, output: 25/1M, web_search: 10/1k }
              """));

  private record Row(String cost, long unpriced, String version, String source, String meters) {}

  private Row call(String path, String model, String more, String answer) throws Exception {
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    world
        .provider()
        .answer((_, wire) -> {
          wire.head(200, "content-type: application/json", "content-length: " + bytes.length);
          wire.raw(bytes);
        });
    String id;
    try (RawClient caller = world.caller()) {
      String body = "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[]%s}".formatted(model, more);
      id = String.valueOf(caller.post(path, world.key(), body).answer().header("x-request-id"));
    }
    AtomicReference<Row> row = new AtomicReference<>();
    Await.until(
        "the row",
        Duration.ofSeconds(20),
        () -> {
          row.set(row(id));
          return row.get() != null;
        });
    return Objects.requireNonNull(row.get());
  }

  private static @Nullable Row row(String id) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT cost_nano, unpriced, price_version, cost_source, meters"
                    + " FROM usage_attempt WHERE request_id = ?")) {
      select.setString(1, id);
      try (ResultSet found = select.executeQuery()) {
        return found.next()
            ? new Row(
                found.getString(1),
                found.getLong(2),
                found.getString(3),
                found.getString(4),
                found.getString(5))
            : null;
      }
    }
  }

  private static String chat(String tier, String usage) {
    return """
    {"id":"c","object":"chat.completion","model":"m","service_tier":"%s",
    "choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],
    "usage":%s}\
    """
        .formatted(tier, usage);
  }

  @Test
  void row_ofAChat_hasItsCostToTheNano() throws Exception {
    Row row =
        call(
            CHAT,
            "local/priced",
            "",
            chat(
                "default",
                "{\"prompt_tokens\":1001,\"completion_tokens\":53,\"total_tokens\":1054,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":1000},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":40,\"audio_tokens\":3}}"));

    // 1 × 2,000 + 1,000 × 200 + 50 × 8,000 + 3 × 20,000
    assertThat(row.cost()).isEqualTo("662000");
    assertThat(row.unpriced()).isZero();
    assertThat(row.version()).startsWith("pri_");
    assertThat(row.source()).isEqualTo("file");
    assertThat(row.meters())
        .isEqualTo("cache_read=1000,input=1,output=10,output_audio=3,reasoning=40");
  }

  @Test
  void row_ofMessages_splitsCacheWritesAndCountsSearches() throws Exception {
    Row row =
        call(
            "/v1/messages",
            "claudes/claude-x",
            "",
            """
            {"id":"m","type":"message","role":"assistant","model":"x","stop_reason":"end_turn",
            "content":[{"type":"text","text":"hi"}],
            "usage":{"input_tokens":2000,"cache_creation_input_tokens":14000,
            "cache_read_input_tokens":50000,"output_tokens":1500,"service_tier":"standard",
            "cache_creation":{"ephemeral_5m_input_tokens":10000,"ephemeral_1h_input_tokens":4000},
            "server_tool_use":{"web_search_requests":3}}}\
            """);

    assertThat(row.cost()).isEqualTo("205000000");
    assertThat(row.meters())
        .isEqualTo(
            "cache_read=50000,cache_write_1h=4000,cache_write_5m=10000,input=2000,output=1500,"
                + "web_search=3");
  }

  /// TierOfResponse: asked for flex, served as usual; and the other way round.
  @Test
  void row_isBilledByTheTierOfTheAnswer() throws Exception {
    String usage = "{\"prompt_tokens\":1000,\"completion_tokens\":1,\"total_tokens\":1001}";

    assertThat(call(CHAT, "local/priced", ",\"service_tier\":\"flex\"", chat("flex", usage)).cost())
        .isEqualTo("1004000");
    assertThat(
            call(CHAT, "local/priced", ",\"service_tier\":\"flex\"", chat("default", usage)).cost())
        .isEqualTo("2008000");
    assertThat(call(CHAT, "local/priced", "", chat("flex", usage)).cost()).isEqualTo("1004000");
    assertThat(call(CHAT, "local/priced", "", chat("default", usage)).cost()).isEqualTo("2008000");
    assertThat(call(CHAT, "local/priced", "", chat("priority", usage)).unpriced()).isOne();
  }

  /// MissingMeter, and what is not priced at all.
  @Test
  void row_withoutPrice_hasNoCost() throws Exception {
    Row missing =
        call(
            CHAT,
            "local/priced",
            "",
            chat(
                "default",
                "{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,"
                    + "\"prompt_tokens_details\":{\"audio_tokens\":3}}"));
    assertThat(missing.unpriced()).isOne();
    assertThat(missing.cost()).isNull();
    assertThat(missing.meters()).isEqualTo("input=7,input_audio=3,output=5");

    Row none = call(CHAT, "local/other", "", chat("default", "{\"prompt_tokens\":10}"));
    assertThat(none.cost()).isNull();
    assertThat(none.unpriced()).isOne();
  }

  @Test
  void price_madeByTheApi_appliesToTheNextCall_andIsKept() throws Exception {
    AdminClient admin = world.admin();
    String usage = "{\"prompt_tokens\":7,\"completion_tokens\":1,\"total_tokens\":8}";
    String body =
        """
        {"model": "local/fresh", "meters": {"input": {"usd": "%s", "per": "1k"}, "output": {"usd": "0", "per": 1}}}\
        """;

    JsonNode first = admin.call("POST", "/api/prices", body.formatted("1.5"), 201);
    Await.until(
        "the price",
        Duration.ofSeconds(20),
        () -> "0.0015".equals(quote("local/fresh").path("cost").asText()));
    assertThat(call(CHAT, "local/fresh", "", chat("default", usage)).cost()).isEqualTo("10500000");
    JsonNode second = admin.call("POST", "/api/prices", body.formatted("3"), 201);
    Await.until(
        "the price",
        Duration.ofSeconds(20),
        () -> "0.003".equals(quote("local/fresh").path("cost").asText()));
    Row row = call(CHAT, "local/fresh", "", chat("default", usage));

    assertThat(first.path("version").asLong()).isOne();
    assertThat(second.path("version").asLong()).isEqualTo(2);
    assertThat(row.cost()).isEqualTo("21000000");
    assertThat(row.version()).isEqualTo(second.path("id").asText());
    assertThat(admin.call("GET", "/api/prices/" + first.path("id").asText(), "", 200))
        .isEqualTo(first);
    assertThat(admin.call("GET", "/api/prices?model=local/fresh", "", 200).path("data")).hasSize(2);
  }

  private static JsonNode quote(String model) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/prices/quote",
            "{\"model\":\"%s\",\"meters\":{\"input\":1}}".formatted(model),
            200);
  }

  @Test
  void quote_saysWhatHasNoPrice() throws Exception {
    assertThat(quote("local/none").path("unpriced").asText()).isEqualTo("model");
    assertThat(quote("local/priced").path("cost").asText()).isEqualTo("0.000002");
    JsonNode seconds =
        world
            .admin()
            .call(
                "POST",
                "/api/prices/quote",
                "{\"model\":\"local/priced\",\"meters\":{\"audio_seconds\":4.2}}",
                200);
    assertThat(seconds.path("unpriced").asText()).isEqualTo("audio_seconds");
  }

  @Test
  void price_thatDoesNotFit_isRefusedWithItsPlace() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"{\"model\":\"x\",\"meters\":{\"input\":{\"usd\":\"1\"}}}", "/model"},
          {"{\"model\":\"x/y\",\"meters\":{}}", "/meters"},
          {"{\"model\":\"x/y\",\"meters\":{\"inputs\":{\"usd\":\"1\"}}}", "/meters/inputs"},
          {"{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":1}}}", "/meters/input"},
          {"{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":\"-1\"}}}", "/meters/input"},
          {"{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":\"1\"}},\"read\":\"soon\"}", "/read"},
          {
            "{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":\"1\"}},\"service\":{\"a\":\"1/0\"}}",
            "/service/a"
          },
          {
            "{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":\"1\"}},"
                + "\"tiers\":[{\"when\":\"output > 3\",\"meters\":{}}]}",
            "/tiers/0/when"
          },
        }) {
      assertThat(
              world
                  .admin()
                  .call("POST", "/api/prices", wrong[0], 422)
                  .path("error")
                  .path("param")
                  .asText())
          .as(wrong[0])
          .isEqualTo(wrong[1]);
    }
  }
}
