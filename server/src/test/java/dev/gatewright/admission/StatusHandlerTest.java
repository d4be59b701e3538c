package dev.gatewright.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.policy.Rule;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import io.netty.channel.DefaultEventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

class StatusHandlerTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @EachDatabase
  void tells_the_holder_about_the_key(Database database) throws Exception {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = new KeyAdmission(test.keys.directory(), test.feed, test.time)) {
      KeyChanges.Made made =
          test.make(
              ApiKey.Kind.LIVE, new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("fast")));
      StubExchange exchange = ask(test, admission, made.text().expose());
      assertThat(exchange.status).isEqualTo(200);
      JsonNode status = new ObjectMapper().readTree(exchange.body);
      assertThat(status.path("id").asText()).isEqualTo(made.key().id());
      assertThat(status.path("kind").asText()).isEqualTo("live");
      assertThat(status.path("state").asText()).isEqualTo("active");
      assertThat(status.path("expires_at").isNull()).isTrue();
      assertThat(status.path("rules").toString())
          .isEqualTo("[{\"effect\":\"allow\",\"type\":\"models\",\"values\":[\"fast\"]}]");
      assertThat(status.path("scopes").toString()).isEqualTo("[\"*:use\"]");
      assertThat(status.path("manages").toString()).isEqualTo("[]");
      assertThat(status.path("limits").isObject()).isTrue();
      assertThat(exchange.body).doesNotContain(made.text().expose());
    }
  }

  @EachDatabase
  void without_a_key_it_tells_nothing(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = new KeyAdmission(test.keys.directory(), test.feed, test.time)) {
      StubExchange exchange = ask(test, admission, "junk");
      assertThat(exchange.status).isEqualTo(401);
      assertThat(exchange.answerHeaders.get("www-authenticate")).isEqualTo("Bearer");
      assertThat(exchange.body).contains("invalid_api_key").doesNotContain("malformed");
    }
  }

  private StubExchange ask(TestKeys test, KeyAdmission admission, String key) {
    StubExchange exchange = new StubExchange(loop, TestKeys.CLIENT);
    exchange.headers.set("x-api-key", key);
    StatusHandler handler = new StatusHandler(admission, LimitGate.NONE, test.time);
    loop.execute(() -> handler.handle(exchange));
    Await.until(exchange::headSent);
    return exchange;
  }
}
