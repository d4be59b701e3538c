package dev.gatewright.ledger;

import java.time.Duration;

/// The ledger's periods. Tests shorten them; nobody else has had a reason to.
///
/// @param commitEvery the shortest time between the starts of two group commits on average: the
///   attempts of a quiet process commit at once, a busy one gathers meanwhile. A commit costs some
///   200 µs of CPU whatever is in it, so this is 2 % of a core at the most; calls by the clock,
///   1,000 a second, cost 177 µs without compilers where 5 ms cost 205
/// @param commitWithin how long what nobody waits for may gather: an opening need not be durable
///   before there is an answer to hold back
/// @param gather how long a busy process waits after a commit for those it has let go on: a caller
///   that has its answer asks again, and joins the next commit instead of waiting for it to pass;
///   less when as many have come as were let go
/// @param renewEvery how often an instance renews its lease
/// @param expireAfter how long a lease must stand still, while the store could be read, before
///   another instance takes over
/// @param checkpointAfter an open attempt whose counter has moved is written again after this
/// @param rewriteAfter an open attempt is written again after this in any case, so that the log's
///   old rows can go
/// @param projectEvery how often new log rows become usage rows while calls are few
/// @param projectWithin how long that may wait while calls are many: a row costs more than all the
///   rest of recording a call, and waits better than a call does
public record LedgerConfig(
    Duration commitEvery,
    Duration commitWithin,
    Duration gather,
    Duration renewEvery,
    Duration expireAfter,
    Duration checkpointAfter,
    Duration rewriteAfter,
    Duration projectEvery,
    Duration projectWithin) {

  public static final LedgerConfig DEFAULT =
      new LedgerConfig(
          Duration.ofMillis(10),
          Duration.ofMillis(10),
          Duration.ofMillis(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  public LedgerConfig {
    // By plus: Duration multiplies by BigDecimal, whose tables are 20 ms of a start.
    if (expireAfter.compareTo(renewEvery.plus(renewEvery).plus(renewEvery)) < 0) {
      throw new IllegalArgumentException(
          "lease expiry: %s (expected: at least three renewals of %s)"
              .formatted(expireAfter, renewEvery));
    }
  }
}
