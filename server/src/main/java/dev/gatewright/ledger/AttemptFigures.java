package dev.gatewright.ledger;

import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.telemetry.Buckets;
import dev.gatewright.telemetry.trace.GenAiFigures;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// What attempts came to since this process began, for metrics: by kind and end alone, since names
/// of models and providers have no bound. Thread-safe.
public final class AttemptFigures {
  /// What is called.
  public enum Kind {
    MODEL,
    SERVICE
  }

  private final Map<Kind, Map<End, Buckets>> took = new EnumMap<>(Kind.class);
  private final Map<Kind, Buckets> firstByte = new EnumMap<>(Kind.class);
  private final LongAdder inputTokens = new LongAdder();
  private final LongAdder outputTokens = new LongAdder();
  private final LongAdder cachedTokens = new LongAdder();
  private final GenAiFigures genAi = new GenAiFigures();

  AttemptFigures() {
    for (Kind kind : Kind.values()) {
      Map<End, Buckets> ends = new EnumMap<>(End.class);
      for (End end : End.values()) {
        ends.put(end, new Buckets());
      }
      took.put(kind, ends);
      firstByte.put(kind, new Buckets());
    }
  }

  void add(Opening opening, Outcome outcome) {
    Kind kind = opening.facets().service().isEmpty() ? Kind.MODEL : Kind.SERVICE;
    took(kind, outcome.end()).add(TimeUnit.MILLISECONDS.toNanos(outcome.durationMillis()));
    if (outcome.firstByteMillis() >= 0) {
      firstByte(kind).add(TimeUnit.MILLISECONDS.toNanos(outcome.firstByteMillis()));
    }
    Usage usage = outcome.usage();
    inputTokens.add(usage.inputTokens());
    outputTokens.add(usage.outputTokens());
    cachedTokens.add(usage.cachedTokens());
    if (kind == Kind.MODEL && !opening.test()) {
      genAi.add(
          opening.endpoint(),
          opening.provider(),
          outcome.end() == End.COMPLETED ? "" : outcome.end().name().toLowerCase(Locale.ROOT),
          outcome.durationMillis(),
          usage.inputTokens(),
          usage.outputTokens());
    }
  }

  /// The same of models alone, in the words of OpenTelemetry's conventions.
  public GenAiFigures genAi() {
    return genAi;
  }

  /// From an attempt's start to its end.
  public Buckets took(Kind kind, End end) {
    return Objects.requireNonNull(Objects.requireNonNull(took.get(kind)).get(end));
  }

  /// From an attempt's start to its answer's head.
  public Buckets firstByte(Kind kind) {
    return Objects.requireNonNull(firstByte.get(kind));
  }

  public long inputTokens() {
    return inputTokens.sum();
  }

  public long outputTokens() {
    return outputTokens.sum();
  }

  /// Those of the input that the provider had kept.
  public long cachedTokens() {
    return cachedTokens.sum();
  }
}
