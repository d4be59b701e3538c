package dev.gatewright.telemetry.trace;

import dev.gatewright.telemetry.Buckets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tries at models as OpenTelemetry's conventions count them: how long by operation, provider and
/// end, and how many tokens. Names of models have no bound and are left out. Thread-safe.
public final class GenAiFigures {
  /// The conventions' own bounds, powers of four: 1 to 4¹³.
  private static final long[] TOKENS = new long[14];

  /// The conventions' own bounds, doubling: 10 ms to 81.92 s.
  private static final long[] MILLIS = new long[14];

  static {
    for (int i = 0; i < TOKENS.length; i++) {
      TOKENS[i] = 1L << (2 * i);
      MILLIS[i] = 10L << i;
    }
  }

  /// What tells one series from another, all of it from short lists.
  ///
  /// @param tokenType `input` or `output` where tokens are counted, else empty
  /// @param error how it ended if it did not complete, else empty
  public record Series(String operation, String provider, String tokenType, String error) {}

  /// @param counted nanoseconds, or tokens where the series has a type of them
  public record Counted(Series series, Buckets counted) {}

  private final Map<Series, Buckets> all = new ConcurrentHashMap<>();
  private volatile @Nullable Consumer<Counted> onNew;

  /// From now on calls are counted: `listener` hears of every series, from the first call of it on.
  /// Before, nobody wants to know, and nothing is.
  public void onNew(Consumer<Counted> listener) {
    onNew = listener;
  }

  /// One try that is over.
  ///
  /// @param endpoint the route's template
  /// @param provider its id here
  /// @param error how it ended, one of few words; empty = it completed
  public void add(
      String endpoint,
      String provider,
      String error,
      long durationMillis,
      long inputTokens,
      long outputTokens) {
    if (onNew == null) {
      return;
    }
    String operation = ModelNames.operation(endpoint);
    String known = ModelNames.wellKnownProvider(provider);
    buckets(new Series(operation, known, "", error))
        .add(TimeUnit.MILLISECONDS.toNanos(durationMillis));
    tokens(operation, known, "input", inputTokens);
    tokens(operation, known, "output", outputTokens);
  }

  /// A call that came to none reported none.
  private void tokens(String operation, String provider, String type, long count) {
    if (count > 0) {
      buckets(new Series(operation, provider, type, "")).add(count);
    }
  }

  private Buckets buckets(Series series) {
    Buckets there = all.get(series);
    return there == null ? all.computeIfAbsent(series, this::made) : there;
  }

  private Buckets made(Series series) {
    Buckets made =
        series.tokenType().isEmpty() ? Buckets.ofMillis(MILLIS) : Buckets.ofCounts(TOKENS);
    Consumer<Counted> listener = onNew;
    if (listener != null) {
      listener.accept(new Counted(series, made));
    }
    return made;
  }
}
