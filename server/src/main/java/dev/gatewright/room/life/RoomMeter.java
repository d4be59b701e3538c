package dev.gatewright.room.life;

import dev.gatewright.ledger.Attempt;
import dev.gatewright.ledger.Attempts;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.room.access.RoomCaller;
import dev.gatewright.room.access.RoomVisit;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.telemetry.Time;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// One usage row for each call of a caller with a key that reaches a provider: model `rooms`,
/// target `<provider>/rooms`. Thread-safe.
public final class RoomMeter {
  private static final long DURABLE_SECONDS_MAX = 10;

  private final Attempts attempts;
  private final Time time;

  public RoomMeter(Attempts attempts, Time time) {
    this.attempts = attempts;
    this.time = time;
  }

  /// Runs `work` between a durable opening and its close. A room is worth a commit: nothing is
  /// asked of the provider before the record stands.
  ///
  /// @throws RoomRefused 503 when no record can be taken; what `work` throws
  <T> T metered(RoomVisit visit, Supplier<T> work) {
    if (!visit.caller().keyed()) {
      return work.get();
    }
    long started = time.nanos();
    Attempt attempt = open(visit);
    int status = 0;
    End end = End.FAILED;
    try {
      T result = work.get();
      status = 200;
      end = End.COMPLETED;
      return result;
    } catch (RoomRefused refused) {
      Integer answered = refused.problem().providerStatus();
      status = answered == null ? 0 : answered;
      end = answered == null ? End.FAILED : End.COMPLETED;
      throw refused;
    } finally {
      long millis = (time.nanos() - started) / 1_000_000;
      attempts.close(
          attempt,
          new dev.gatewright.ledger.Outcome(
              end, status, Usage.NOTHING, status == 0 ? -1 : millis, millis, 0, 0));
    }
  }

  private Attempt open(RoomVisit visit) {
    RoomCaller caller = visit.caller();
    String provider = visit.providerId();
    if (!attempts.accepting()) {
      throw unrecorded();
    }
    CompletableFuture<Boolean> durable = new CompletableFuture<>();
    Attempt attempt =
        attempts.open(
            new Opening(
                caller.requestId(),
                0,
                true,
                true,
                caller.tenant(),
                caller.keyId(),
                "rooms",
                provider + "/rooms",
                provider,
                visit.endpoint(),
                false,
                false,
                time.millis(),
                0,
                visit.account().rung()),
            ImmediateEventExecutor.INSTANCE,
            failure -> durable.complete(failure == null));
    try {
      if (durable.get(DURABLE_SECONDS_MAX, TimeUnit.SECONDS)) {
        return attempt;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // Not in time, or not at all: either way this attempt ends here.
    }
    attempts.close(
        attempt, new dev.gatewright.ledger.Outcome(End.FAILED, 0, Usage.NOTHING, -1, 0, 0, 0));
    throw unrecorded();
  }

  private static RoomRefused unrecorded() {
    return new RoomRefused(
        RoomProblem.of(503, "api_error", "overloaded", "Calls cannot be recorded at the moment.")
            .retryAfter(5));
  }
}
