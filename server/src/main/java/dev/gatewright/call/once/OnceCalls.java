package dev.gatewright.call.once;

import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;
import dev.gatewright.share.Shares.Taken;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a model call that carries an `Idempotency-Key` once. Its name is written down before
/// anything is sent; what became of it when the call is over. A process that ends in between leaves
/// a name alone: then the usage row, which somebody writes for each of its calls, tells whether the
/// call was answered. Calls without the header cost nothing here. Thread-safe; never blocks.
public final class OnceCalls {
  private static final Logger LOG = LoggerFactory.getLogger(OnceCalls.class);
  private static final Duration REMEMBERED = Duration.ofHours(24);

  /// Calls whose names are being written down, and how many of them may be one key's.
  private static final int WAITING_MAX = 4_096;

  private static final int WAITING_OF_A_KEY_MAX = 256;

  private static final int WAIT_SECONDS_MAX = 10;
  private static final int AGAIN_SECONDS = 1;

  /// Within so long of its claim a call's last attempt has begun.
  private static final Duration ATTEMPTS_WITHIN = Duration.ofMinutes(15);

  private static final long CLOCKS_DIFFER_MILLIS = 5_000;
  private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
  private static final int PURGED_MOST = 1_000;

  private final Database database;
  private final Supplier<String> instance;
  private final Time time;
  private final Shares waiting =
      new Shares(WAITING_MAX, WAITING_OF_A_KEY_MAX, WAITING_OF_A_KEY_MAX, 0);
  private final AtomicLong purgedNanos;

  /// @param instance the id by which this process writes its attempts, at the moment
  public OnceCalls(Database database, Supplier<String> instance, Time time) {
    this.database = database;
    this.instance = instance;
    this.time = time;
    this.purgedNanos = new AtomicLong(time.nanos());
  }

  /// What a call asks for.
  ///
  /// @param model the name the caller asked for
  public record Asked(OnceName name, String bodyHash, String requestId, String model) {}

  /// May this call run? `then` runs once, on `loop`.
  public void claim(Asked asked, EventExecutor loop, Consumer<Claim> then) {
    Holder holder = Holder.key(asked.name().keyId(), asked.name().organizationId());
    Taken place = waiting.take(holder, 1);
    if (place != Taken.YES) {
      then.accept(refused(full(place)));
      return;
    }
    new Waiting(asked, holder, loop, then).start();
    purge();
  }

  private static Refusal full(Taken place) {
    String message = "Too many calls with an idempotency-key come at once; try again.";
    return place == Taken.SHARE_FULL ? Refusal.tooMany(message, 1) : Refusal.overloaded(message, 1);
  }

  /// A claim under way. What the store says after nobody waits any more is undone. Confined to its
  /// loop.
  private final class Waiting {
    private final Asked asked;
    private final Holder holder;
    private final EventExecutor loop;
    private final Consumer<Claim> then;
    private final OnceRow row;
    private boolean told;

    Waiting(Asked asked, Holder holder, EventExecutor loop, Consumer<Claim> then) {
      this.asked = asked;
      this.holder = holder;
      this.loop = loop;
      this.then = then;
      this.row = new OnceRow(asked.bodyHash, asked.requestId, instance.get(), time.millis(), null);
    }

    void start() {
      var slow = loop.schedule(() -> tell(unavailable()), WAIT_SECONDS_MAX, TimeUnit.SECONDS);
      try {
        database
            .on(Lane.LOOK_UPS)
            .writeLater(handle -> take(handle, asked.name(), row))
            .whenComplete((taken, failure) ->
                loop.execute(() -> {
                  slow.cancel(false);
                  done(failure == null ? taken : failed(failure));
                }));
      } catch (RuntimeException refused) {
        slow.cancel(false);
        done(failed(refused));
      }
    }

    private Taking failed(Throwable failure) {
      LOG.warn("an idempotency key is not noted: {}", String.valueOf(failure.getMessage()));
      return new Taking.Unknown();
    }

    private void done(Taking taken) {
      switch (taken) {
        case Taking.Mine() -> {
          Turn turn =
              new Turn(
                  OnceCalls.this,
                  asked.name(),
                  asked.requestId(),
                  asked.model(),
                  row.atMillis(),
                  loop);
          if (!tell(new Claim.First(turn))) {
            turn.forget();
          }
        }
        case Taking.Unknown() -> {
          // It may have been written all the same.
          forget(loop, asked.name(), asked.requestId());
          tell(unavailable());
        }
        case Taking.No(Claim.Refused refused) -> tell(refused);
      }
    }

    private boolean tell(Claim claim) {
      if (told) {
        return false;
      }
      told = true;
      waiting.give(holder, 1);
      then.accept(claim);
      return true;
    }
  }

  private static Claim.Refused unavailable() {
    return refused(
        Refusal.overloaded("The idempotency-key cannot be looked up right now; try again.", 1));
  }

  /// What became of writing a name down.
  private sealed interface Taking {
    record Mine() implements Taking {}

    record No(Claim.Refused refused) implements Taking {}

    record Unknown() implements Taking {}
  }

  private static Taking take(Handle handle, OnceName name, OnceRow mine) {
    if (OnceStore.take(handle, name, mine)) {
      return new Taking.Mine();
    }
    OnceRow first = OnceStore.find(handle, name).orElse(null);
    if (first == null) {
      // Forgotten in this moment.
      return new Taking.No(running());
    }
    String receipt = first.receipt();
    if (receipt == null) {
      if (OnceStore.lives(handle, first.instance())) {
        return new Taking.No(sameBody(first, mine) ? running() : reused());
      }
      receipt = recorded(handle, name, first);
    }
    if (receipt == null || mine.atMillis() - first.atMillis() > REMEMBERED.toMillis()) {
      return OnceStore.replace(handle, name, first.requestId(), mine)
          ? new Taking.Mine()
          : new Taking.No(running());
    }
    return new Taking.No(sameBody(first, mine) ? processed(receipt) : reused());
  }

  /// The process is gone and what it left is recorded: was this call answered?
  private static @Nullable String recorded(Handle handle, OnceName name, OnceRow first) {
    return OnceStore.recorded(
            handle,
            name.organizationId(),
            first.requestId(),
            AttemptIds.floor(first.atMillis() - CLOCKS_DIFFER_MILLIS),
            AttemptIds.floor(first.atMillis() + ATTEMPTS_WITHIN.toMillis()))
        .map(Receipt::json)
        .orElse(null);
  }

  private static boolean sameBody(OnceRow first, OnceRow mine) {
    return first.bodyHash().equals(mine.bodyHash());
  }

  private static Claim.Refused refused(Refusal refusal) {
    return new Claim.Refused(refusal, null);
  }

  private static Claim.Refused reused() {
    return refused(
        new Refusal(
            422,
            "invalid_request_error",
            "idempotency_key_reused",
            "idempotency-key: used for another request (expected: the same body, or a new key)",
            IdempotencyKey.HEADER,
            0,
            true));
  }

  private static Claim.Refused running() {
    return refused(
        new Refusal(
            409,
            "invalid_request_error",
            "in_progress",
            "idempotency-key: the first call with it still runs; try again.",
            IdempotencyKey.HEADER,
            AGAIN_SECONDS,
            true));
  }

  private static Claim.Refused processed(String receipt) {
    return new Claim.Refused(
        new Refusal(
            409,
            "invalid_request_error",
            "already_processed",
            "idempotency-key: the call with it was answered, and answers are not kept"
                + " (expected: a new key, to ask again).",
            IdempotencyKey.HEADER,
            0,
            false),
        receipt);
  }

  public void forget(EventExecutor loop, OnceName name, String requestId) {
    settle(
        loop,
        handle -> {
          OnceStore.forget(handle, name, requestId);
          return true;
        });
  }

  /// Writes down what became of a call; again and again until the store takes it, for a name that
  /// is not settled stays taken as long as this process lives. Few wait for it: while the store is
  /// away no new name is given out.
  void settle(EventExecutor loop, Database.Work<Boolean> work) {
    try {
      database
          .on(Lane.LOOK_UPS)
          .writeLater(work)
          .whenComplete((_, failure) -> {
            if (failure != null) {
              settleLater(loop, work);
            }
          });
    } catch (RuntimeException refused) {
      settleLater(loop, work);
    }
  }

  private void settleLater(EventExecutor loop, Database.Work<Boolean> work) {
    try {
      var _ = loop.schedule(() -> settle(loop, work), AGAIN_SECONDS, TimeUnit.SECONDS);
    } catch (RejectedExecutionException _) {
      // The process ends, and with it every name that is its own: see `recorded`.
    }
  }

  private void purge() {
    long now = time.nanos();
    long last = purgedNanos.get();
    if (now - last < PURGE_EVERY.toNanos() || !purgedNanos.compareAndSet(last, now)) {
      return;
    }
    long before = time.millis() - REMEMBERED.toMillis();
    try {
      database
          .on(Lane.PORTAL)
          .writeLater(handle -> OnceStore.purge(handle, before, PURGED_MOST))
          .whenComplete((purged, failure) -> {
            if (failure == null && purged == PURGED_MOST) {
              purgedNanos.compareAndSet(now, now - PURGE_EVERY.toNanos());
            }
          });
    } catch (RuntimeException busy) {
      LOG.debug("old idempotency keys stay for a minute: {}", busy.getMessage());
    }
  }
}
