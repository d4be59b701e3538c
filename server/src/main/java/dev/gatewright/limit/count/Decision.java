package dev.gatewright.limit.count;

import dev.gatewright.limit.term.Hold;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.Standing;

/// What asking the limits came to.
public sealed interface Decision {
  /// It may go on; each limit has what it asked for.
  record Passed(Hold hold) implements Decision {}

  /// One limit has too little, and no other was touched.
  ///
  /// @param waitNanos until it has enough, if nobody else takes any; 0 = when a running call ends
  record Refused(Limit limit, long waitNanos, Standing standing) implements Decision {}

  /// Nobody can say: more limits are in use than are kept count of.
  record Full() implements Decision {}
}
