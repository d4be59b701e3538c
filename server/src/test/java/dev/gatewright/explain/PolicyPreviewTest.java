package dev.gatewright.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleStore;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.rest.Problem;
import dev.gatewright.rule.RuleRequest;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.usage.UsageStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

class PolicyPreviewTest {
  private static final String CHAT = "/v1/chat/completions";

  private int rows;

  @EachDatabase
  void counts_the_calls_that_a_rule_would_have_refused(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      String one = test.make(ApiKey.Kind.LIVE).key().id();
      String two = test.make(ApiKey.Kind.LIVE).key().id();
      for (int i = 0; i < 3; i++) {
        row(test, one, "fast", "openai/m", "openai", CHAT, i);
      }
      row(test, two, "fast", "openai/m", "openai", CHAT, 24);
      row(test, two, "slow", "local/s", "local", CHAT, 24);
      row(test, two, "tts", "tts/-", "tts", "/{service}/api/synthesize", 1);
      row(test, two, "llama", "chat/llama", "chat", "/{service}/api/chat", 1);
      row(test, two, "rooms", "daily/rooms", "daily", "POST /v1/rooms", 1);
      row(test, one, "fast", "openai/m", "openai", CHAT, 8 * 24);

      Map<String, Object> all = preview(test, 7, rule("organization", null, "deny", "models", "*"));
      assertThat(all).containsEntry("calls", 8L).containsEntry("complete", true);
      // Neither a room nor a service without a model's name is asked about models.
      assertThat(all).containsEntry("refused_calls", 6L);
      assertThat(String.valueOf(all.get("keys"))).contains(one).contains(two);
      assertThat((List<?>) all.get("samples")).hasSize(6);

      assertThat(refused(test, "deny", "providers", "openai")).isEqualTo(4);
      assertThat(refused(test, "allow", "providers", "openai")).isEqualTo(1);
      assertThat(refused(test, "deny", "models", "openai/*")).isEqualTo(4);
      assertThat(refused(test, "deny", "services", "tts")).isEqualTo(1);
      assertThat(refused(test, "allow", "services", "tts")).isEqualTo(1);
      assertThat(refused(test, "deny", "rooms", "daily")).isEqualTo(1);
      assertThat(refused(test, "deny", "prices", "input>0.000000004/1")).isEqualTo(5);
      assertThat(refused(test, "allow", "prices", "input<=0.000000005/1")).isZero();
      assertThat(refused(test, "deny", "ip", "::/0")).isZero();
      Map<String, Object> ofKey = preview(test, 7, rule("key", two, "deny", "models", "fast"));
      assertThat(ofKey).containsEntry("refused_calls", 1L);
      Map<String, Object> day = preview(test, 1, rule("organization", null, "deny", "models", "*"));
      assertThat(day).containsEntry("calls", 6L);
    }
  }

  @EachDatabase
  void what_is_refused_already_is_nothing_new(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      String key = test.make(ApiKey.Kind.LIVE).key().id();
      row(test, key, "fast", "openai/m", "openai", CHAT, 1);
      row(test, key, "slow", "openai/s", "openai", CHAT, 1);
      String organization = test.owner().organizationId();
      Rule deny = new Rule(Rule.Effect.DENY, Rule.Type.MODELS, List.of("fast"), "", "rule_1");
      RuleOwner owner = new RuleOwner(organization, Layer.ORGANIZATION, organization);
      test.database.write(handle -> {
        RuleStore.insert(handle, new StoredRule(owner, deny, "local", 1L));
        return 0;
      });
      assertThat(refused(test, "deny", "models", "*")).isEqualTo(1);
    }
  }

  @EachDatabase
  void asks_only_about_what_is_there(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      for (RuleRequest absent :
          List.of(
              rule("project", "prj_none", "deny", "models", "a"),
              rule("member", "per_none", "deny", "models", "a"),
              rule("key", "key_0000000000", "deny", "models", "a"),
              rule("organization", "org_other", "deny", "models", "a"))) {
        assertThatThrownBy(() -> preview(test, 7, absent))
            .isInstanceOfSatisfying(
                Problem.class, problem -> assertThat(problem.refusal().status()).isEqualTo(404));
      }
      assertThatThrownBy(() -> preview(test, 8, rule("organization", null, "deny", "models", "a")))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.refusal().param()).isEqualTo("/days"));
    }
  }

  private static long refused(TestKeys test, String effect, String type, String value) {
    Map<String, Object> answer = preview(test, 7, rule("organization", null, effect, type, value));
    return (Long) Objects.requireNonNull(answer.get("refused_calls"));
  }

  private static Map<String, Object> preview(TestKeys test, int days, RuleRequest rule) {
    PolicyPreview preview =
        new PolicyPreview(
            test.database,
            new UsageStore(test.database),
            test.keys.lists(),
            (_, target, _) ->
                target.startsWith("claudes") ? null : _ -> new ListedPrice.Listed(5, 1),
            test.time);
    return preview.of(test.owner().organizationId(), new PreviewRequest(List.of(rule), days));
  }

  private static RuleRequest rule(
      String on, @Nullable String id, String effect, String type, String value) {
    return new RuleRequest(on, id, effect, type, List.of(value), null);
  }

  private void row(
      TestKeys test,
      String key,
      String model,
      String target,
      String provider,
      String endpoint,
      int hoursAgo) {
    long started = test.time.millis() - Duration.ofHours(hoursAgo).toMillis() - 60_000L * ++rows;
    test.database.write(handle ->
        handle.execute(
            """
            INSERT INTO usage_attempt
              (organization_id, id, project_id, key_id, request_id, ordinal, first_on_target,
               first_on_provider, model, target, provider, endpoint, stream, test, started_millis,
               first_byte_millis, duration_millis, status, outcome, input_tokens, output_tokens,
               cached_tokens, cache_write_tokens, reasoning_tokens, source, request_bytes,
               response_bytes)
            VALUES (?, ?, ?, ?, ?, 0, 1, 1, ?, ?, ?, ?, 0, 0, ?, 1, 1, 200, 'completed', 0, 0, 0, 0,
                    0, 'provider', 0, 0)\
            """,
            test.owner().organizationId(),
            AttemptIds.floor(started),
            test.owner().projectId(),
            key,
            "req_" + rows,
            model,
            target,
            provider,
            endpoint,
            started));
  }
}
