package dev.gatewright.limit;

import dev.gatewright.edge.Refusal;
import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.LimitHeaders;
import dev.gatewright.limit.term.Standing;
import java.time.Instant;
import java.util.function.BiConsumer;

/// What the limits behind a call say to it.
public sealed interface Limited {
  /// It may go on.
  record Passed(Hold hold) implements Limited {
    @Override
    public void headers(LimitHeaders family, Instant now, BiConsumer<String, String> set) {
      write(hold.standing(), family, now, set);
    }
  }

  /// @param refusal 429 that names the limit, or 503 where nobody can say
  /// @param waitNanos until it would pass; 0 = unknown
  /// @param standing of the limits, the one that refuses included
  record Refused(Refusal refusal, long waitNanos, Standing standing) implements Limited {
    @Override
    public void headers(LimitHeaders family, Instant now, BiConsumer<String, String> set) {
      write(standing, family, now, set);
      if (waitNanos > 0) {
        set.accept("retry-after-ms", Long.toString(Math.ceilDiv(waitNanos, 1_000_000)));
      }
    }
  }

  /// What the call has taken; to be settled when it is over.
  default Hold hold() {
    return Hold.NONE;
  }

  /// What an answer says of the limits.
  void headers(LimitHeaders family, Instant now, BiConsumer<String, String> set);

  private static void write(
      Standing standing, LimitHeaders family, Instant now, BiConsumer<String, String> set) {
    if (!standing.isEmpty()) {
      family.write(standing, now, set);
      LimitHeaders.ietf(standing, set);
    }
  }
}
