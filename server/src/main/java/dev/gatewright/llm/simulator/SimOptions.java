package dev.gatewright.llm.simulator;

import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.simulator.request.Tools;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a test wants the simulator to behave, from the `x-sim-*` headers.
///
/// @param delayMillis before the answer, and between the events of a stream
/// @param tokens words of the answer; -1 = as many as it has
/// @param failure how the call is to fail
/// @param cutBytes with [Failure#CUT], bytes of the body that still leave
record SimOptions(long delayMillis, int tokens, Failure failure, int cutBytes) {
  static final SimOptions NONE = new SimOptions(0, -1, Failure.NONE, 0);
  static final int DELAY_MILLIS_MAX = 60_000;
  static final int TOKENS_MAX = 100_000;

  private static final Pattern CUT = Pattern.compile("cut@([0-9]{1,9})");

  enum Failure {
    NONE,
    /// 429 in the caller's dialect.
    RATE_LIMITED,
    /// 500 in the caller's dialect.
    BROKEN,
    /// The answer breaks off.
    CUT,
    /// No answer ever comes.
    HANG
  }

  /// What the headers ask for, or a refusal when they cannot be understood.
  record Parsed(SimOptions options, @Nullable Refusal refusal) {}

  static Parsed parse(HttpHeaders headers) {
    long delay = number(headers, "x-sim-delay-ms", 0, DELAY_MILLIS_MAX);
    long tokens = number(headers, "x-sim-tokens", -1, TOKENS_MAX);
    if (delay < 0 || tokens < -1) {
      return refused(
          "x-sim-delay-ms or x-sim-tokens: expected a whole number up to %d and %d"
              .formatted(DELAY_MILLIS_MAX, TOKENS_MAX));
    }
    String fail = headers.get("x-sim-fail", "");
    Matcher cut = CUT.matcher(fail);
    Failure failure =
        switch (fail) {
          case "" -> Failure.NONE;
          case "429" -> Failure.RATE_LIMITED;
          case "500" -> Failure.BROKEN;
          case "hang" -> Failure.HANG;
          default -> cut.matches() ? Failure.CUT : null;
        };
    if (failure == null) {
      return refused(
          "x-sim-fail: %s (expected: 429, 500, cut@N or hang)".formatted(Tools.cut(fail)));
    }
    int cutBytes = failure == Failure.CUT ? Integer.parseInt(cut.group(1)) : 0;
    return new Parsed(new SimOptions(delay, (int) tokens, failure, cutBytes), null);
  }

  private static Parsed refused(String message) {
    return new Parsed(NONE, Refusal.invalid(message));
  }

  /// -2 when the header holds anything else than a number in range.
  private static long number(HttpHeaders headers, String name, long absent, long max) {
    String value = headers.get(name);
    if (value == null) {
      return absent;
    }
    if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(Character::isDigit)) {
      return -2;
    }
    long number = Long.parseLong(value);
    return number <= max ? number : -2;
  }
}
