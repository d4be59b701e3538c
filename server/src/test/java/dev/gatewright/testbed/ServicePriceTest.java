package dev.gatewright.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What calls of services and their sockets cost, from the caller to the row, and what limits them.
class ServicePriceTest {
  private static final EchoBackend echo = echo();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup.settings(
              """
              services:
                - { id: chat, preset: ollama, instances: ["http://127.0.0.1:%1$d"] }
                - { id: ears, preset: whisper-cpp, instances: ["http://127.0.0.1:%1$d"] }
                - { id: voice, preset: kokoro, instances: ["http://127.0.0.1:%1$d"], concurrency: 64 }
                - { id: image, preset: a1111, instances: ["http://127.0.0.1:%1$d"] }
                - { id: odd, preset: vllm, instances: ["http://127.0.0.1:%1$d"] }
                - { id: free, preset: http, instances: ["http://127.0.0.1:%1$d"], allow: [POST /x] }
                - { id: echo, preset: http, instances: ["%2$s"], allow: [GET /ws, GET /flat] }
              prices:
                entries:
                  - { model: chat/api/chat, meters: { input: 2/1k, output: 5/1k } }
                  - { model: chat/*, meters: { requests: 0.001/1 } }
                  - model: ears/*
                    meters: { audio_seconds: 0.36/3600 }
                    quantity: { audio_seconds: { min: 2, step: 1, round: up } }
                  - { model: voice/*, meters: { characters: 15/1M } }
                  - { model: image/sdapi/*, meters: { images: 0.01/1 } }
                  - { model: odd/*, meters: { pages: 1/1 } }
                  - { model: echo/*, meters: { bytes: 1/1M } }
                  - { model: echo/flat, meters: { requests: 0.5/1 } }
              """
                  .formatted(fake.port(), echo.url())));

  private static EchoBackend echo() {
    try {
      return EchoBackend.start();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    echo.close();
  }

  private static RawClient.Answer post(String path, String key, byte[] body, String type)
      throws Exception {
    try (RawClient caller = world.caller()) {
      String head =
          "POST %s HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\n%s\r\ncontent-length: %d\r\n\r\n"
              .formatted(path, key, type, body.length);
      return caller.send(head).send(body).answer();
    }
  }

  private static RawClient.Answer post(String path, String key, String body) throws Exception {
    return post(
        path, key, body.replace('\'', '"').getBytes(UTF_8), "content-type: application/json");
  }

  /// Why a call cost what it did.
  private static JsonNode bill(RawClient.Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.text()).isLessThan(300);
    return bill(String.valueOf(answer.header("x-request-id")));
  }

  private static JsonNode bill(String id) throws Exception {
    AtomicReference<JsonNode> bill = new AtomicReference<>();
    Await.until(
        "the row of " + id,
        Duration.ofSeconds(20),
        () -> {
          var answer = world.admin().send("GET", "/api/billing/requests/" + id, "");
          if (answer.statusCode() == 200) {
            bill.set(TestPerson.JSON.readTree(answer.body()));
          }
          return answer.statusCode() == 200;
        });
    return Objects.requireNonNull(bill.get());
  }

  private static void answers(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
    world.provider().answer((_, wire) -> wire.reply(200, "application/json", bytes));
  }

  /// So many milliseconds of 16 kHz mono, in a form.
  private static byte[] recording(int millis) throws Exception {
    int data = millis * 32;
    ByteBuffer wav = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(UTF_8)).putInt(36 + data).put("WAVEfmt ".getBytes(UTF_8)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
    wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(UTF_8)).putInt(data);
    return form(wav.array(), data);
  }

  private static byte[] form(byte[] head, int rest) throws Exception {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.write(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
            .getBytes(UTF_8));
    form.write(head);
    form.write(new byte[rest]);
    form.write("\r\n--b--\r\n".getBytes(UTF_8));
    return form.toByteArray();
  }

  private static final String FORM = "content-type: multipart/form-data; boundary=b";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/chat/api/chat | {'model':'m','stream':false,'messages':[]} | {'message':{'content':'Hi'},'done':true,'prompt_eval_count':10,'eval_count':4} | 0.04 | {\"input\":10,\"output\":4}",
        "/chat/api/show | {'model':'m'} | {'details':{}} | 0.001 | {\"requests\":1}",
        "/chat/api/embed | {'model':'m','input':'x'} | {'embeddings':[],'prompt_eval_count':7} | 0.001 | {\"requests\":1}",
        "/voice/api/v1/audio/speech | {'input':'Grüße 1'} | sound | 0.000105 | {\"characters\":7}",
        "/image/api/sdapi/v1/txt2img | {'prompt':'x','batch_size':2} | {'images':['QQ==','QQ==']} | 0.02 | {\"images\":2}",
      })
  void rows_haveTheirCost(String path, String body, String answer, String cost, String meters)
      throws Exception {
    answers(answer);
    RawClient.Answer given = post(path, world.key(), body);
    assertThat(given.header("x-gatewright-cost")).isEqualTo(cost);
    assertThat(given.text()).isEqualTo(answer.replace('\'', '"'));
    JsonNode bill = bill(given);
    assertThat(bill.path("cost").asText()).as(bill.toString()).isEqualTo(cost);
    assertThat(bill.path("billed").asText()).as("no wallet").isEqualTo("0");
    assertThat(bill.path("meters").toString()).isEqualTo(meters);
    JsonNode row = bill.at("/evidence/0");
    assertThat(row.path("price_version").asText()).isEqualTo(bill.at("/price/id").asText());
    assertThat(row.path("cost_source").asText()).isEqualTo("file");
    assertThat(row.path("unpriced").asBoolean()).isFalse();
  }

  @Test
  void recording_isPricedByItsLength_orByWhatItsSizeComesTo() throws Exception {
    answers("{'text':'hello'}");
    JsonNode known = bill(post("/ears/api/inference", world.key(), recording(4_200), FORM));
    assertThat(known.path("cost").asText()).isEqualTo("0.0005");
    assertThat(known.path("meters").toString()).isEqualTo("{\"audio_millis\":4200}");
    JsonNode brief = bill(post("/ears/api/inference", world.key(), recording(100), FORM));
    assertThat(brief.path("cost").asText()).as("two seconds at least").isEqualTo("0.0002");

    // Neither its head nor the answer says how long it is.
    byte[] unknown = form("OggS".getBytes(UTF_8), 64_000);
    JsonNode guessed = bill(post("/ears/api/inference", world.key(), unknown, FORM));
    assertThat(guessed.path("cost").asText()).isEqualTo("0.0005");
    assertThat(guessed.at("/evidence/0/cost_source").asText()).isEqualTo("file+asked");
  }

  @Test
  void service_withoutAPrice_isFree_andNotUnpriced() throws Exception {
    AdminClient.Key key = world.admin().liveKey("free");
    budget(key, "0.000000001");
    answers("{'status':'ok'}");
    JsonNode bill = bill(post("/free/api/x", key.key(), "{}"));
    assertThat(bill.path("cost").asText()).isEqualTo("0");
    assertThat(bill.path("price").isNull()).isTrue();
    assertThat(bill.at("/evidence/0/unpriced").asBoolean()).isFalse();
    // What only asks about a service is no work of it.
    try (RawClient caller = world.caller()) {
      JsonNode asked = bill(caller.get("/voice/api/health", key.key()).answer());
      assertThat(asked.path("cost").asText()).isEqualTo("0");
    }
    JsonNode quote = quote("free/x", "bytes");
    assertThat(quote.path("cost").asText()).isEqualTo("0");
    assertThat(quote.path("unpriced").isNull()).isTrue();
  }

  private static JsonNode quote(String name, String meter) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/prices/quote",
            "{\"model\":\"%s\",\"meters\":{\"%s\":61}}".formatted(name, meter),
            200);
  }

  @Test
  void quote_knowsServices() throws Exception {
    assertThat(quote("ears/inference", "audio_seconds").path("cost").asText()).isEqualTo("0.0061");
    assertThat(quote("chat/api/chat", "output").path("cost").asText()).isEqualTo("0.305");
    assertThat(quote("chat/api/embed", "input").path("cost").asText()).isEqualTo("0.001");
    assertThat(quote("odd/v1/chat/completions", "input").path("unpriced").asText())
        .isEqualTo("input");
  }

  private static JsonNode budget(AdminClient.Key key, String usd) throws Exception {
    return world
        .admin()
        .call(
            "POST",
            "/api/budgets",
            "{\"on\":\"%s\",\"usd\":\"%s\",\"per\":\"day\"}".formatted(key.id(), usd),
            201);
  }

  private static JsonNode standing(JsonNode budget) throws Exception {
    return world.admin().call("GET", "/api/budgets/" + budget.path("id").asText(), "", 200);
  }

  private static void settled(JsonNode budget, String spent) throws Exception {
    Await.until(
        "it is settled",
        Duration.ofSeconds(20),
        () -> standing(budget).path("reserved").asText().equals("0"));
    assertThat(standing(budget).path("spent").asText()).isEqualTo(spent);
  }

  @Test
  void hard_budget_refusesInTheDialectOfTheService() throws Exception {
    AdminClient.Key key = world.admin().liveKey("hard");
    JsonNode budget = budget(key, "1");
    String asked = "{'model':'m','options':{'num_predict':%d},'messages':[]}";
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () -> post("/chat/api/chat", key.key(), asked.formatted(500)).status() == 402);
    int seen = world.provider().seen().size();

    RawClient.Answer refused = post("/chat/api/chat", key.key(), asked.formatted(500));
    assertThat(refused.status()).isEqualTo(402);
    assertThat(TestPerson.JSON.readTree(refused.body()).path("error").asText())
        .startsWith("A budget has 1 USD left");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(Instant.parse(String.valueOf(refused.header("x-gatewright-resets-at"))))
        .isEqualTo(Instant.parse(budget.path("resets_at").asText()));
    long fits = Long.parseLong(String.valueOf(refused.header("x-gatewright-fits-output-tokens")));
    assertThat(fits).isBetween(150L, 190L);
    // Without a cap it may write as much as anything.
    assertThat(post("/chat/api/chat", key.key(), "{'model':'m','messages':[]}").status())
        .isEqualTo(402);
    RawClient.Answer unpriced =
        post("/odd/api/v1/chat/completions", key.key(), "{'model':'m','messages':[]}");
    assertThat(unpriced.status()).isEqualTo(403);
    assertThat(TestPerson.JSON.readTree(unpriced.body()).at("/error/code").asText())
        .isEqualTo("unpriced");
    assertThat(world.provider().seen()).as("nothing was sent").hasSize(seen);
    settled(budget, "0");

    answers("{'message':{'content':'Hi'},'done':true,'prompt_eval_count':10,'eval_count':4}");
    assertThat(post("/chat/api/chat", key.key(), asked.formatted(fits)).status()).isEqualTo(200);
    settled(budget, "0.04");
  }

  @Test
  void recording_ofALengthNobodyTells_isRefusedWhereABudgetLimits() throws Exception {
    AdminClient.Key key = world.admin().liveKey("chunked");
    budget(key, "1");
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () ->
            post("/odd/api/v1/chat/completions", key.key(), "{'model':'m','messages':[]}").status()
                == 403);
    try (RawClient caller = world.caller()) {
      RawClient.Answer refused =
          caller
              .send(
                  """
                  POST /ears/api/inference HTTP/1.1\r
                  host: localhost\r
                  %s\r
                  authorization: Bearer %s\r
                  transfer-encoding: chunked\r
                  \r
                  1\r
                  x\r
                  0\r
                  \r
                  """
                      .formatted(FORM, key.key()))
              .answer();
      assertThat(refused.status()).isEqualTo(411);
      assertThat(refused.text()).contains("length_required");
    }
  }

  /// No budget overshot: what many callers at once get is what there is.
  @Test
  void hard_budget_isNotOvershotByManyAtOnce() throws Exception {
    AdminClient.Key key = world.admin().liveKey("many");
    answers("sound");
    // Each costs 100 characters; twenty fit.
    JsonNode budget = budget(key, "0.03");
    String body = "{'input':'" + "x".repeat(100) + "'}";
    List<Future<Integer>> all = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      // Until the gate has heard of it, calls are not counted in it.
      Await.until(
          "the budget",
          Duration.ofSeconds(10),
          () ->
              post("/odd/api/v1/chat/completions", key.key(), "{'model':'m','messages':[]}")
                      .status()
                  == 403);
      for (int i = 0; i < 60; i++) {
        all.add(callers.submit(() -> post("/voice/api/v1/audio/speech", key.key(), body).status()));
      }
    }
    int good = 0;
    for (Future<Integer> each : all) {
      assertThat(each.get()).isIn(200, 402);
      good += each.get() == 200 ? 1 : 0;
    }
    // What is kept aside is a little more than what it costs.
    assertThat(good).isBetween(19, 20);
    settled(budget, BigDecimal.valueOf(15L * good, 4).stripTrailingZeros().toPlainString());
  }

  /// Early ends are billed by the best evidence, as a model's are.
  @Test
  void stream_thatTheCallerLeaves_isBilledByWhatWasDelivered() throws Exception {
    AdminClient.Key key = world.admin().liveKey("leaves");
    JsonNode budget = budget(key, "5");
    world
        .provider()
        .answer((_, wire) -> {
          wire.head(200, "content-type: application/x-ndjson", "transfer-encoding: chunked");
          for (int i = 0; i < 400; i++) {
            wire.chunk("{\"message\":{\"content\":\"word\"},\"done\":false}\n");
            wire.pause(Duration.ofMillis(10));
          }
        });
    String id;
    try (RawClient caller = world.caller()) {
      caller.post(
          "/chat/api/chat",
          key.key(),
          "{\"model\":\"m\",\"options\":{\"num_predict\":500},\"messages\":[]}");
      id = String.valueOf(caller.head().headers().get("x-request-id"));
      caller.text(2_000);
    }
    JsonNode bill = bill(id);
    assertThat(bill.at("/evidence/0/outcome").asText()).isEqualTo("cancelled");
    assertThat(bill.at("/evidence/0/output_source").asText()).isEqualTo("counted");
    long written = bill.path("meters").path("output").asLong();
    assertThat(written).isBetween(20L, 399L);
    String cost = bill.path("cost").asText();
    assertThat(new BigDecimal(cost))
        .isEqualByComparingTo(BigDecimal.valueOf(written).multiply(new BigDecimal("0.005")));
    settled(budget, cost);
  }

  @Test
  void socket_isPriced_andRefusedInItsHandshake() throws Exception {
    AdminClient.Key key = world.admin().liveKey("socket");
    JsonNode budget = budget(key, "20");
    Await.until(
        "the budget",
        Duration.ofSeconds(10),
        () ->
            post("/odd/api/v1/chat/completions", key.key(), "{'model':'m','messages':[]}").status()
                == 403);
    try (SocketCaller socket =
        SocketCaller.open(world.gate(), "/echo/ws", key.key()).say("x".repeat(1_000))) {
      assertThat(socket.next()).hasSize("text:".length() + 1_000);
      assertThat(standing(budget).path("reserved").asText()).isNotEqualTo("0");
      // While it is open what it may come to is kept aside.
      assertThat(handshake(key)).isEqualTo(402);
    }
    // 1,000 bytes with a head of four, then the close frame.
    Await.until(
        "it is settled",
        Duration.ofSeconds(20),
        () -> standing(budget).path("reserved").asText().equals("0"));
    assertThat(new BigDecimal(standing(budget).path("spent").asText()))
        .isBetween(new BigDecimal("0.001004"), new BigDecimal("0.00102"));
    Await.until("there is room", Duration.ofSeconds(10), () -> handshake(key) == 101);
  }

  private static int handshake(AdminClient.Key key) throws Exception {
    try (SocketCaller _ = SocketCaller.open(world.gate(), "/echo/ws", key.key())) {
      return 101;
    } catch (ExecutionException refused) {
      if (refused.getCause() instanceof WebSocketHandshakeException why) {
        return why.getResponse().statusCode();
      }
      throw refused;
    }
  }
}
