package dev.gatewright.key.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.key.change.KeyStack.Answer;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Creates sent more than once with one `Idempotency-Key`, asked of keys over HTTP.
class RepeatedCreateTest {
  private static final String BODY = "{\"name\":\"app\",\"kind\":\"live\"}";

  private static Answer make(KeyStack stack, String key, String body) {
    return stack.call(stack.local, "POST", "/api/keys", body, Map.of("idempotency-key", key));
  }

  private static int keys(KeyStack stack) {
    return stack.get("/api/keys").body().at("/data").size();
  }

  @EachDatabase
  void a_repeat_gets_the_first_answer_without_the_secret(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer first = make(stack, "one", BODY);
      Answer repeat = make(stack, "one", BODY);
      assertThat(first.status()).isEqualTo(201);
      assertThat(first.body().has("key")).isTrue();
      assertThat(repeat.status()).isEqualTo(201);
      assertThat(repeat.text("/id")).isEqualTo(first.text("/id"));
      assertThat(repeat.body().has("key")).isFalse();
      assertThat(repeat.raw().headers().firstValue("idempotent-replayed")).contains("true");
      assertThat(keys(stack)).isEqualTo(1);
    }
  }

  @EachDatabase
  void another_body_is_refused_and_another_caller_is_another_key(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      String admin = stack.post("/api/keys", "{\"name\":\"a\",\"kind\":\"admin\"}").text("/key");
      make(stack, "one", BODY);
      Answer other = make(stack, "one", "{\"name\":\"other\",\"kind\":\"live\"}");
      assertThat(other.status()).isEqualTo(409);
      assertThat(other.text("/error/code")).isEqualTo("idempotency_key_reused");
      Answer theirs =
          stack.call(admin, "POST", "/api/keys", BODY, Map.of("idempotency-key", "one"));
      assertThat(theirs.status()).isEqualTo(201);
      assertThat(theirs.body().has("key")).isTrue();
    }
  }

  @EachDatabase
  void a_create_that_failed_may_be_mended_and_sent_again(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      assertThat(make(stack, "one", "{\"name\":\"\",\"kind\":\"nothing\"}").status())
          .isEqualTo(422);
      assertThat(make(stack, "one", BODY).status()).isEqualTo(201);
    }
  }

  @EachDatabase
  void of_twenty_at_once_one_makes_a_key(Database database) throws Exception {
    try (KeyStack stack = new KeyStack(database);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Answer>> all = java.util.Collections.nCopies(20, () -> make(stack, "x", BODY));
      Set<Integer> statuses = new HashSet<>();
      for (Future<Answer> each : threads.invokeAll(all)) {
        statuses.add(each.get().status());
      }
      assertThat(statuses).contains(201).isSubsetOf(201, 409);
      assertThat(keys(stack)).isEqualTo(1);
    }
  }

  @EachDatabase
  void a_process_that_ended_before_the_answer_was_kept_made_one_key(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer first = make(stack, "one", BODY);
      database.write(handle -> handle.execute("UPDATE idempotency SET status = 0, answer = NULL"));
      Answer repeat = make(stack, "one", BODY);
      assertThat(repeat.status()).isEqualTo(201);
      assertThat(repeat.text("/id")).isEqualTo(first.text("/id"));
      assertThat(repeat.body().has("key")).isFalse();
      assertThat(keys(stack)).isEqualTo(1);
    }
  }

  @EachDatabase
  void a_process_that_ended_before_anything_was_made_is_followed_by_the_next(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      make(stack, "one", BODY);
      database.write(handle ->
          handle.execute("UPDATE idempotency SET status = 0, answer = NULL, request_id = 'req_x'"));
      Answer early = make(stack, "one", BODY);
      assertThat(early.status()).isEqualTo(409);
      assertThat(early.text("/error/code")).isEqualTo("idempotency_key_in_use");
      stack.test.pass(Duration.ofSeconds(91));
      assertThat(make(stack, "one", BODY).body().has("key")).isTrue();
    }
  }

  @EachDatabase
  void after_a_day_the_key_is_free_again(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      make(stack, "one", BODY);
      stack.test.pass(Duration.ofHours(24).plusMillis(1));
      assertThat(make(stack, "one", BODY).body().has("key")).isTrue();
      assertThat(keys(stack)).isEqualTo(2);
    }
  }

  @EachDatabase
  void a_key_that_is_not_usable_is_refused(Database database) {
    try (KeyStack stack = new KeyStack(database)) {
      Answer refused = make(stack, "x".repeat(256), BODY);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("/error/param")).isEqualTo("idempotency-key");
    }
  }
}
