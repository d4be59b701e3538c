package dev.gatewright.call.once;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Names of calls in the store, as processes that come and go see them.
class OnceCallsTest {
  private static final DefaultEventExecutor LOOP = new DefaultEventExecutor();
  private static final OnceName NAME = OnceName.of("org_1", "key_1", "/v1/chat/completions", "k");
  private static final Outcome ANSWERED = outcome(End.COMPLETED, 200);

  private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final Time time =
      new Time(() -> Instant.ofEpochMilli(nowMillis.get()), () -> nowMillis.get() * 1_000_000);
  private int requests;

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static Outcome outcome(End end, int status) {
    return new Outcome(end, status, new Usage(12, 3, 0, 0, 0, Source.PROVIDER), 5, 9, 100, 200);
  }

  /// A process that is alive.
  private OnceCalls process(Database database, String instance) {
    database.write(handle ->
        handle.execute(
            "INSERT INTO instance (id, beat, fenced, log_seq, started_millis, renewed_millis)"
                + " VALUES (?, 0, 0, 0, 0, 0)",
            instance));
    return new OnceCalls(database, () -> instance, time);
  }

  private static void dies(Database database, String instance) {
    database.write(handle -> handle.execute("DELETE FROM instance WHERE id = ?", instance));
  }

  private Claim claim(OnceCalls calls, OnceName name, String body) {
    return claimLater(calls, name, body).join();
  }

  private CompletableFuture<Claim> claimLater(OnceCalls calls, OnceName name, String body) {
    CompletableFuture<Claim> claim = new CompletableFuture<>();
    String request = "req_" + ++requests;
    LOOP.execute(
        () -> calls.claim(new OnceCalls.Asked(name, body, request, "fast"), LOOP, claim::complete));
    return claim.orTimeout(30, TimeUnit.SECONDS);
  }

  private static Turn first(Claim claim) {
    assertThat(claim).isInstanceOf(Claim.First.class);
    return ((Claim.First) claim).turn();
  }

  private static String code(Claim claim) {
    return claim instanceof Claim.Refused(var refusal, String _)
        ? refusal.status() + " " + refusal.code()
        : "first";
  }

  private static void end(Turn turn, @Nullable Outcome last) {
    LOOP.submit(() -> turn.ended(last)).syncUninterruptibly();
  }

  private void becomes(String expected, OnceCalls calls, String body) {
    Await.until(() -> code(claim(calls, NAME, body)).equals(expected));
  }

  @EachDatabase
  void a_name_is_taken_while_its_call_runs_and_remembered_when_it_was_answered(Database database) {
    OnceCalls calls = process(database, "ins_1");
    Turn turn = first(claim(calls, NAME, "b"));
    assertThat(code(claim(calls, NAME, "b"))).isEqualTo("409 in_progress");
    assertThat(code(claim(calls, NAME, "other"))).isEqualTo("422 idempotency_key_reused");

    end(turn, ANSWERED);
    becomes("409 already_processed", calls, "b");
    assertThat(code(claim(calls, NAME, "other"))).isEqualTo("422 idempotency_key_reused");
    Claim.Refused again = (Claim.Refused) claim(calls, NAME, "b");
    assertThat(again.refusal().retryable()).isFalse();
    assertThat(again.receipt())
        .isEqualTo(
            "{\"request_id\":\"req_1\",\"model\":\"fast\","
                + "\"started_at\":\"2027-01-15T08:00:00Z\",\"status\":200,\"input_tokens\":12,"
                + "\"output_tokens\":3,\"cached_tokens\":0,\"reasoning_tokens\":0}");
  }

  @EachDatabase
  void another_key_endpoint_and_organization_have_names_of_their_own(Database database) {
    OnceCalls calls = process(database, "ins_1");
    String chat = "/v1/chat/completions";
    for (OnceName name :
        List.of(
            NAME,
            OnceName.of("org_1", "key_2", chat, "k"),
            OnceName.of("org_2", "key_1", chat, "k"),
            OnceName.of("org_1", "key_1", "/v1/responses", "k"),
            OnceName.of("org_1", "key_1", chat, "K"))) {
      first(claim(calls, name, "b"));
    }
  }

  @EachDatabase
  void what_was_not_answered_whole_may_be_asked_again(Database database) {
    OnceCalls calls = process(database, "ins_1");
    List<@Nullable Outcome> ends = new ArrayList<>();
    ends.add(null);
    ends.add(outcome(End.COMPLETED, 429));
    ends.add(outcome(End.COMPLETED, 500));
    ends.add(outcome(End.FAILED, 200));
    ends.add(outcome(End.CANCELLED, 200));
    ends.add(outcome(End.INTERRUPTED, 200));
    Turn turn = first(claim(calls, NAME, "b"));
    for (Outcome end : ends) {
      end(turn, end);
      Claim[] next = new Claim[1];
      Await.until(() -> {
        next[0] = claim(calls, NAME, "b");
        return next[0] instanceof Claim.First;
      });
      turn = first(next[0]);
    }
  }

  @EachDatabase
  void of_many_at_once_over_two_processes_one_runs(Database database) {
    List<OnceCalls> both = List.of(process(database, "ins_1"), process(database, "ins_2"));
    List<CompletableFuture<Claim>> claims = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      claims.add(claimLater(both.get(i % 2), NAME, "b"));
    }
    List<String> codes = claims.stream().map(claim -> code(claim.join())).toList();
    assertThat(codes).containsOnlyOnce("first");
    assertThat(codes.stream().distinct()).containsExactlyInAnyOrder("first", "409 in_progress");
  }

  /// Nobody will say what became of it, unless its row does.
  @EachDatabase
  void a_name_whose_process_died_is_free_unless_the_ledger_has_an_answer(Database database) {
    OnceCalls dead = process(database, "ins_1");
    OnceCalls alive = process(database, "ins_2");
    Turn left = first(claim(dead, NAME, "b"));
    assertThat(code(claim(alive, NAME, "b"))).isEqualTo("409 in_progress");
    dies(database, "ins_1");
    Turn taken = first(claim(alive, NAME, "another body"));
    // The dead one was only asleep: what it says now concerns nobody.
    end(left, ANSWERED);
    assertThat(code(claim(alive, NAME, "another body"))).isEqualTo("409 in_progress");
    end(taken, null);

    OnceCalls third = process(database, "ins_3");
    Claim[] again = new Claim[1];
    Await.until(() -> {
      again[0] = claim(third, NAME, "b");
      return again[0] instanceof Claim.First;
    });
    row(database, "req_" + requests, "cancelled", 200);
    dies(database, "ins_3");
    first(claim(alive, NAME, "b"));
    String request = "req_" + requests;
    row(database, request, "completed", 200);
    dies(database, "ins_2");
    OnceCalls last = process(database, "ins_4");
    Claim.Refused known = (Claim.Refused) claim(last, NAME, "b");
    assertThat(code(known)).isEqualTo("409 already_processed");
    assertThat(known.receipt()).contains("\"request_id\":\"" + request + "\"");
  }

  private void row(Database database, String request, String outcome, int status) {
    database.write(handle ->
        handle.execute(
            """
            INSERT INTO usage_attempt
              (organization_id, id, project_id, key_id, request_id, ordinal, first_on_target,
               first_on_provider, model, target, provider, endpoint, stream, test, started_millis,
               first_byte_millis, duration_millis, status, outcome, input_tokens, output_tokens,
               cached_tokens, cache_write_tokens, reasoning_tokens, source, request_bytes,
               response_bytes)
            VALUES ('org_1', ?, 'prj_1', 'key_1', ?, 0, 1, 1, 'fast', 't', 'p', 'e', 0, 0, ?, 1, 1,
               ?, ?, 1, 2, 0, 0, 0, 'provider', 0, 0)\
            """,
            AttemptIds.floor(nowMillis.get()) + request,
            request,
            nowMillis.get(),
            status,
            outcome));
  }

  @EachDatabase
  void names_are_forgotten_after_a_day(Database database) {
    OnceCalls calls = process(database, "ins_1");
    end(first(claim(calls, NAME, "b")), ANSWERED);
    becomes("409 already_processed", calls, "b");
    nowMillis.addAndGet(Duration.ofHours(24).toMillis());
    assertThat(code(claim(calls, NAME, "b"))).isEqualTo("409 already_processed");
    nowMillis.addAndGet(1);
    first(claim(calls, NAME, "b"));

    nowMillis.addAndGet(Duration.ofHours(25).toMillis());
    first(claim(calls, OnceName.of("org_2", "key_9", "e", "another"), "b"));
    Await.until(() ->
        database.read(handle ->
            handle.createQuery("SELECT COUNT(*) FROM llm_once").mapTo(Integer.class).one() == 1));
  }

  @Test
  void a_key_has_a_share_of_the_claims_that_wait() {
    Stuck store = new Stuck();
    OnceCalls calls = new OnceCalls(store, () -> "ins_1", time);
    List<CompletableFuture<Claim>> claims = new ArrayList<>();
    for (int i = 0; i < 257; i++) {
      claims.add(claimLater(calls, OnceName.of("org_1", "key_1", "e", "k" + i), "b"));
    }
    assertThat(code(claims.getLast().join())).isEqualTo("429 rate_limit_exceeded");
    CompletableFuture<Claim> other =
        claimLater(calls, OnceName.of("org_1", "key_2", "e", "k"), "b");
    LOOP.submit(() -> {}).syncUninterruptibly();
    assertThat(other).isNotDone();
    store.answer.completeExceptionally(new IllegalStateException("gone"));
    assertThat(code(other.join())).isEqualTo("503 overloaded");
    assertThat(code(claims.getFirst().join())).isEqualTo("503 overloaded");
  }

  /// A store that says nothing until it is told to.
  private static final class Stuck implements Database {
    final CompletableFuture<Object> answer = new CompletableFuture<>();

    @Override
    public <T> T read(Work<T> work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T write(Work<T> work) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<T> readLater(Work<T> work) {
      throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CompletableFuture<T> writeLater(Work<T> work) {
      return (CompletableFuture<T>) answer;
    }

    @Override
    public Kind kind() {
      return Kind.SQLITE;
    }

    @Override
    public void close() {}
  }
}
