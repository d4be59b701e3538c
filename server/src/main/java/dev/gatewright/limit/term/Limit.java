package dev.gatewright.limit.term;

import dev.gatewright.ledger.Usd;
import org.jspecify.annotations.Nullable;

/// So much of something in a time, or at once.
///
/// @param id `lim_…`
/// @param on whose calls count together: `key_…`, `per_…`, `prj_…` or `org_…`; everybody's of
///   `service:…` or `site:…`
/// @param max in the kind's own unit; spend in nano-USD
/// @param per null for [LimitKind#CONCURRENCY], and for no other
public record Limit(String id, String on, LimitKind kind, long max, @Nullable Window per)
    implements Comparable<Limit> {
  public static final long AMOUNT_MAX = 1_000_000_000_000L;
  public static final long SPEND_MAX = 1_000_000_000_000_000_000L;

  public Limit {
    if (max < 1 || max > (kind == LimitKind.SPEND ? SPEND_MAX : AMOUNT_MAX)) {
      throw new IllegalArgumentException("limit %s: max %d".formatted(id, max));
    }
    if ((per == null) != (kind == LimitKind.CONCURRENCY)) {
      throw new IllegalArgumentException("limit %s: %s per %s".formatted(id, kind, per));
    }
  }

  /// `requests=60/minute`, as the command line writes it too.
  public String text() {
    String amount = kind == LimitKind.SPEND ? Usd.text(max) : Long.toString(max);
    return kind.word() + "=" + amount + (per == null ? "" : "/" + per.word());
  }

  /// In the order in which their states are locked.
  @Override
  public int compareTo(Limit other) {
    return id.compareTo(other.id);
  }
}
