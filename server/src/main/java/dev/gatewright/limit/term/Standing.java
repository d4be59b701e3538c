package dev.gatewright.limit.term;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the limits behind a call stand: of each kind the tightest, the one with the least left.
public final class Standing {
  /// Nothing stands behind it.
  public static final Standing NONE = new Standing();

  private final Map<LimitKind, Line> lines = new EnumMap<>(LimitKind.class);

  /// @param left what may still be taken; never negative
  /// @param resetNanos until all of it is there again
  public record Line(Limit limit, long left, long resetNanos) {
    boolean tighter(@Nullable Line other) {
      return other == null
          || left < other.left
          || (left == other.left && resetNanos > other.resetNanos);
    }
  }

  public void add(Limit limit, long left, long resetNanos) {
    Line line = new Line(limit, Math.max(0, left), resetNanos);
    if (line.tighter(lines.get(limit.kind()))) {
      lines.put(limit.kind(), line);
    }
  }

  /// Null = nothing limits these.
  public @Nullable Line of(LimitKind kind) {
    return lines.get(kind);
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  Iterable<Line> all() {
    return lines.values();
  }
}
