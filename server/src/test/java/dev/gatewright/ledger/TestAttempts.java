package dev.gatewright.ledger;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Openings, outcomes and rows as tests need them.
public final class TestAttempts {
  public static final Tenant TENANT = new Tenant("org_1", "prj_1");

  /// Leases that end while a test waits.
  public static final LedgerConfig FAST =
      new LedgerConfig(
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofMillis(1),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofMillis(20),
          Duration.ofMillis(100));

  private static final AtomicInteger REQUEST = new AtomicInteger();

  private TestAttempts() {}

  public record Row(
      String id, String requestId, String outcome, long outputTokens, String source) {}

  public static Opening opening() {
    return opening("req_" + REQUEST.incrementAndGet());
  }

  public static Opening opening(String requestId) {
    return opening(requestId, "fast", Time.system().millis());
  }

  /// All of one hour.
  public static Opening openingOf(String model) {
    return opening("req_" + REQUEST.incrementAndGet(), model, 1_700_000_000_000L);
  }

  private static Opening opening(String requestId, String model, long startedMillis) {
    return new Opening(
        requestId,
        0,
        true,
        true,
        TENANT,
        "key_1",
        model,
        "local/gpt",
        "local",
        "/v1/chat/completions",
        true,
        false,
        startedMillis,
        7);
  }

  public static Outcome outcome(long outputTokens) {
    Usage usage = new Usage(11, outputTokens, 3, 2, 1, Source.PROVIDER);
    return new Outcome(End.COMPLETED, 200, usage, 12, 345, 678, 910);
  }

  /// Opens an attempt and waits until it is durable.
  public static Attempt opened(Ledger ledger) {
    CompletableFuture<@Nullable Throwable> durable = new CompletableFuture<>();
    Attempt attempt =
        ledger.attempts().open(opening(), ImmediateEventExecutor.INSTANCE, durable::complete);
    Throwable cause = get(durable);
    if (cause != null) {
      throw new AssertionError("not durable", cause);
    }
    return attempt;
  }

  /// Opens an attempt that cannot be taken, and returns why.
  public static @Nullable Throwable refused(Ledger ledger) {
    CompletableFuture<@Nullable Throwable> durable = new CompletableFuture<>();
    ledger.attempts().open(opening(), ImmediateEventExecutor.INSTANCE, durable::complete);
    return get(durable);
  }

  public static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  public static List<Row> rows(Database database) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT id, request_id, outcome, output_tokens, source FROM usage_attempt
                ORDER BY id\
                """)
            .map((row, _) ->
                new Row(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getString(5)))
            .list());
  }

  public static long count(Database database, String table) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }
}
