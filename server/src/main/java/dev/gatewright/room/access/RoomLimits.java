package dev.gatewright.room.access;

import dev.gatewright.admission.Caller;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.limit.Limited;
import dev.gatewright.limit.Whose;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Used;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.telemetry.Time;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Holds calls on rooms to the limits behind their key: the last step before a room's work, so that
/// what the gate refuses for another reason counts as no request. Blocks where limits are to be
/// read; thread-safe.
public final class RoomLimits {
  private static final Used ONE = new Used(0, 0, 0, true);

  private final LimitGate limits;
  private final Function<String, @Nullable String> sites;
  private final Time time;

  /// @param sites whose limits calls at a host count for beside; null = nobody's
  public RoomLimits(LimitGate limits, Function<String, @Nullable String> sites, Time time) {
    this.limits = limits;
    this.sites = sites;
    this.time = time;
  }

  /// What a call has taken, until its work is done.
  public interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes one request of each limit, and a place among the calls that run at once.
  ///
  /// @param caller without a key nothing is taken: its address has a limit of its own
  /// @param host that was asked
  /// @param tell gets the headers that say how the limits stand, whatever the answer will be
  /// @throws RoomRefused 429 naming the limit, 503 where limits cannot be read
  public Place take(RoomCaller caller, String host, BiConsumer<String, String> tell) {
    Caller who = caller.caller();
    if (who == null || !limits.any(who.tenant().organizationId())) {
      return () -> {};
    }
    String site = sites.apply(host);
    Demand demand = site == null ? Demand.ONE : Demand.ONE.through(site);
    Limited answer = limits.take(new Whose(who.tenant(), who.id(), who.personId()), demand);
    answer.headers(demand.family(), time.instant(), tell);
    return switch (answer) {
      case Limited.Refused refused -> throw new RoomRefused(RoomProblem.of(refused.refusal()));
      case Limited.Passed(Hold hold) -> () -> hold.settle(ONE);
    };
  }
}
