package dev.gatewright.ledger.log;

import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// For a moment after a purse had too little room, who would need more than it had is refused from
/// memory. It never lets anybody pass: that the store alone can say. Thread-safe.
final class RoomHints {
  static final long NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MAX = 10_000;

  private final Map<String, Hint> hints = new ConcurrentHashMap<>();

  private record Hint(InsufficientFunds why, long untilNanos) {}

  void put(InsufficientFunds why, long nowNanos) {
    if (hints.size() >= MAX) {
      hints.clear();
    }
    hints.put(why.purse(), new Hint(why, nowNanos + NANOS));
  }

  @Nullable InsufficientFunds refusal(List<Hold> holds, long nowNanos) {
    if (hints.isEmpty()) {
      return null;
    }
    for (Hold hold : holds) {
      Hint hint = hints.get(hold.purse());
      if (hint == null) {
        continue;
      }
      if (nowNanos - hint.untilNanos() >= 0) {
        hints.remove(hold.purse(), hint);
      } else if (hold.nano() > hint.why().roomNano()) {
        return hint.why();
      }
    }
    return null;
  }
}
