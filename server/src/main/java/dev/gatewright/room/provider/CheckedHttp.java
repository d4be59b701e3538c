package dev.gatewright.room.provider;

import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.fetch.Fetch.Fetched;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.trace.CarriedTrace;
import dev.gatewright.telemetry.trace.Trace;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// [ProviderHttp] over the relay's [Fetch]. Thread-safe.
public final class CheckedHttp implements ProviderHttp {
  /// PailKit waited as long.
  private static final long TOTAL_MILLIS_MAX = 30_000;

  private static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofSeconds(10));

  /// A list of 100 Daily rooms is about 100 KiB.
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private static final int RETRY_AFTER_SECONDS_MAX = 86_400;

  private final Fetch fetch;
  private final Function<Origin, DialRules> rules;
  private final Timeouts timeouts;
  private final long totalMillisMax;

  /// @param rules which addresses an origin may be dialled at
  public CheckedHttp(Fetch fetch, Function<Origin, DialRules> rules) {
    this(fetch, rules, TIMEOUTS, TOTAL_MILLIS_MAX);
  }

  public CheckedHttp(
      Fetch fetch, Function<Origin, DialRules> rules, Timeouts timeouts, long totalMillisMax) {
    this.fetch = fetch;
    this.rules = rules;
    this.timeouts = timeouts;
    this.totalMillisMax = totalMillisMax;
  }

  @Override
  public Reply send(Call call) {
    Map<String, Secret> headers = new HashMap<>();
    headers.put("accept", Secret.of("application/json"));
    headers.put("user-agent", Secret.of("gatewright"));
    if (call.authorization() != null) {
      headers.put("authorization", call.authorization());
    }
    if (call.body() != null) {
      headers.put("content-type", Secret.of("application/json"));
    }
    CarriedTrace carried = CarriedTrace.current();
    long span = carried.trace().newSpan();
    carried.write(span, (name, value) -> headers.put(name, Secret.of(value)));
    long began = fetch.time().nanos();
    long beganMillis = fetch.time().millis();
    Fetched fetched =
        fetch.send(
            new Fetch.Request(
                call.origin(),
                rules.apply(call.origin()),
                call.method(),
                call.target(),
                headers,
                call.body(),
                timeouts,
                totalMillisMax,
                ANSWER_BYTES_MAX));
    if (carried.trace().recorded()) {
      long start = TimeUnit.MILLISECONDS.toNanos(beganMillis);
      long end = start + fetch.time().nanos() - began;
      carried.trace().tell(span(carried.trace(), span, call, fetched, start, end), false);
    }
    return switch (fetched) {
      case Fetched.Answer answer ->
          new Reply(answer.status(), retryAfter(answer.headers()), answer.body());
      case Fetched.Failed failed -> throw refused(call.provider(), failed.failure());
    };
  }

  private static RoomSpan span(
      Trace trace, long id, Call call, Fetched fetched, long startNanos, long endNanos) {
    int status = fetched instanceof Fetched.Answer answer ? answer.status() : 0;
    String error =
        fetched instanceof Fetched.Failed(UpstreamFailure failure)
            ? (failure.timeout() ? "timeout_" : "") + failure.phase().code()
            : null;
    return new RoomSpan(
        trace,
        id,
        call.provider(),
        call.origin(),
        call.method(),
        status,
        error,
        startNanos,
        endNanos);
  }

  private static RoomRefused refused(String provider, UpstreamFailure failure) {
    RoomProblem problem =
        switch (failure.phase()) {
          case ADDRESS ->
              RoomProblem.of(
                  403,
                  "permission_error",
                  "address_denied",
                  "%s: %s.".formatted(provider, failure.message()));
          case POOL ->
              RoomProblem.of(
                      503,
                      "api_error",
                      "overloaded",
                      "Too many calls to %s are under way.".formatted(provider))
                  .retryAfter(1);
          case CONNECT, SEND, FIRST_BYTE, IDLE ->
              failure.timeout()
                  ? RoomProblem.of(
                      504,
                      "timeout_error",
                      "timeout_" + failure.phase().code(),
                      "%s: %s.".formatted(provider, failure.message()))
                  : RoomProblem.of(
                      502,
                      "api_error",
                      "provider_unreachable",
                      "%s: %s.".formatted(provider, failure.message()));
        };
    return new RoomRefused(problem.from(provider));
  }

  /// Seconds; a date, or nonsense, counts as none.
  private static int retryAfter(Map<String, String> headers) {
    String value = headers.get("retry-after");
    if (value == null || !value.matches("[0-9]{1,9}")) {
      return 0;
    }
    return Math.min(Integer.parseInt(value), RETRY_AFTER_SECONDS_MAX);
  }
}
