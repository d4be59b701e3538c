package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import dev.gatewright.llm.provider.ProvidersConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What providers say they have, in `/v1/models`. What was asked once is kept: each test asks
/// providers of its own, and those of the file are asked by the first.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ProviderListsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension
  static final GateWorld world =
      GateWorld.with((setup, fake) ->
          setup
              .provider("alpha", "openai", at(fake, "alpha"), "")
              .provider("beta", "openai", at(fake, "beta"), "list-models: never")
              .provider("gamma", "anthropic", at(fake, "gamma"), "")
              .provider("delta", "openai", at(fake, "delta"), "")
              .settings("network: { allow: [127.0.0.0/8] }"));

  private static String at(FakeProvider fake, String name) {
    return "http://127.0.0.1:%d/%s".formatted(fake.port(), name);
  }

  /// Lists by path, each with the names it is to have.
  private static void lists(String path, String... names) {
    world
        .provider()
        .answer((request, wire) -> {
          if (request.path().equals(path)) {
            wire.json(200, list(names));
          } else {
            Answers.STANDARD.answer(request, wire);
          }
        });
  }

  private static String list(String... names) {
    return List.of(names).stream()
        .map(name -> "{\"created\":1,\"id\":\"%s\",\"pricing\":{\"id\":\"no\"}}".formatted(name))
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
  }

  private static List<String> models(String key) throws IOException {
    try (RawClient caller = world.caller()) {
      List<String> ids = new ArrayList<>();
      JSON.readTree(caller.get("/v1/models", key).answer().text())
          .get("data")
          .forEach(each -> ids.add(each.get("id").asText()));
      return ids;
    }
  }

  private static List<SeenRequest> questions(String path) {
    return world.provider().seen().stream().filter(each -> each.path().equals(path)).toList();
  }

  private static void lab(String id, String more) throws Exception {
    world
        .admin()
        .call(
            "POST",
            "/api/providers",
            "{\"id\":\"%s\",\"base_url\":\"%s\"%s}".formatted(id, at(world.provider(), id), more),
            201);
  }

  @Test
  @Order(1)
  void are_merged_asked_once_and_kept() throws Exception {
    lists("/alpha/models", "one", "two/of:three", "one", "", "no good", "st*r");
    assertThat(models(world.key()))
        .contains("fast", "alpha/one", "alpha/two/of:three")
        .doesNotHaveDuplicates()
        .doesNotContain("alpha/", "alpha/no good", "alpha/st*r");
    assertThat(models(world.key())).contains("alpha/one");
    assertThat(questions("/alpha/models")).hasSize(1);
    assertThat(questions("/alpha/models").getFirst().header("authorization"))
        .isEqualTo("Bearer upstream-secret");
    assertThat(questions("/beta/models")).isEmpty();
    SeenRequest messages = questions("/gamma/models").getFirst();
    assertThat(messages.target()).isEqualTo("/gamma/models?limit=1000");
    assertThat(messages.header("x-api-key")).isEqualTo("upstream-secret");
    assertThat(messages.header("anthropic-version")).isEqualTo("2023-06-01");

    String narrow =
        world.admin().createKey("{\"name\":\"n\",\"models\":[\"alpha/one\",\"fast\"]}").key();
    assertThat(models(narrow)).containsExactlyInAnyOrder("fast", "alpha/one");
    String test = world.admin().createKey("{\"name\":\"t\",\"kind\":\"test\"}").key();
    assertThat(models(test)).contains("fast").doesNotContain("alpha/one");
  }

  @Test
  void are_asked_with_what_is_stored_and_seen_by_whose_it_is() throws Exception {
    lists("/own/models", "m1");
    lab("own", "");
    world
        .admin()
        .call("POST", "/api/credentials", "{\"provider\":\"own\",\"secret\":\"sk-own-1\"}", 201);
    assertThat(models(world.key())).contains("own/m1");
    assertThat(questions("/own/models").getFirst().header("authorization"))
        .isEqualTo("Bearer sk-own-1");
    JsonNode other = world.admin().call("POST", "/api/organizations", "{\"name\":\"Other\"}", 201);
    String theirs =
        world.admin().in(other.get("id").asText()).liveKey("of another organization").key();
    assertThat(models(theirs)).doesNotContain("own/m1");
    assertThat(questions("/own/models")).hasSize(1);
  }

  @Test
  void a_provider_whose_models_are_named_is_not_asked() throws Exception {
    lists("/named/models", "theirs");
    lab("named", ",\"models\":[\"ours\"]");
    assertThat(models(world.key())).contains("named/ours").doesNotContain("named/theirs");
    assertThat(questions("/named/models")).isEmpty();
  }

  @Test
  void one_that_says_nothing_or_nonsense_holds_up_no_other() throws Exception {
    for (String id : List.of("silent", "broken", "endless", "plain", "array")) {
      lab(id, "");
    }
    String many =
        IntStream.range(0, 40_000)
            .mapToObj("{\"id\":\"model-%d\"}"::formatted)
            .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    world
        .provider()
        .answer((request, wire) -> {
          switch (request.path().split("/", -1)[1].toLowerCase(Locale.ROOT)) {
            case "silent" -> Thread.sleep(30_000);
            case "broken" -> wire.json(200, "{\"data\":[{\"id\":\"cut");
            case "endless" -> wire.json(200, many + " ".repeat(1 << 20));
            case "plain" -> wire.json(200, many);
            case "array" -> wire.json(200, "[{\"id\":\"a1\"},7,null,{\"id\":7},[{\"id\":\"a2\"}]]");
            default -> Answers.STANDARD.answer(request, wire);
          }
        });
    // More organizations' places than three are not taken by one.
    List<String> ids = models(world.key());
    for (int tries = 0; tries < 8 && !ids.contains("array/a1"); tries++) {
      ids = models(world.key());
    }
    assertThat(ids).contains("fast", "array/a1", "plain/model-999");
    assertThat(ids)
        .noneMatch(id -> id.startsWith("silent/") || id.startsWith("broken/"))
        .noneMatch(id -> id.startsWith("endless/"))
        .doesNotContain("plain/model-1000", "array/a2", "array/7");
  }

  @Test
  void an_answer_that_comes_late_is_shown_from_then_on() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    lab("late", "");
    world
        .provider()
        .answer((request, wire) -> {
          if (request.path().equals("/late/models")) {
            said.await();
            wire.json(200, list("m1"));
          } else {
            Answers.STANDARD.answer(request, wire);
          }
        });
    assertThat(models(world.key())).contains("fast").doesNotContain("late/m1");
    said.countDown();
    Await.until("the list", Duration.ofSeconds(10), () -> models(world.key()).contains("late/m1"));
    assertThat(questions("/late/models")).hasSize(1);
  }

  @Test
  void an_unknown_mode_is_refused() {
    Settings settings =
        ConfigSources.ofText("providers: [{id: openai, list-models: sometimes}]").load();
    assertThatThrownBy(() -> ProvidersConfig.from(settings))
        .hasMessageContaining("list-models: sometimes (expected: auto or never)");
  }
}
