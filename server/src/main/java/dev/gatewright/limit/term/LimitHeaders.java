package dev.gatewright.limit.term;

import dev.gatewright.limit.term.Standing.Line;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What callers are told of the limits behind their calls, in every answer: in the words of OpenAI
/// or Anthropic, whose clients go by them, and in those of draft-ietf-httpapi-ratelimit-headers-11.
/// Of several limits of a kind the tightest is told.
public enum LimitHeaders {
  /// `x-ratelimit-*`, resets as Go writes durations.
  OPENAI {
    @Override
    public void write(Standing standing, Instant now, BiConsumer<String, String> set) {
      line("x-ratelimit-%s-requests", standing.of(LimitKind.REQUESTS), LimitHeaders::go, set);
      line("x-ratelimit-%s-tokens", tokens(standing), LimitHeaders::go, set);
    }
  },
  /// `anthropic-ratelimit-*`, resets as instants.
  ANTHROPIC {
    @Override
    public void write(Standing standing, Instant now, BiConsumer<String, String> set) {
      Reset instant = nanos -> now.plusNanos(nanos).truncatedTo(ChronoUnit.SECONDS).toString();
      String form = "anthropic-ratelimit-";
      Line in = standing.of(LimitKind.INPUT_TOKENS);
      Line out = standing.of(LimitKind.OUTPUT_TOKENS);
      line(form + "requests-%s", standing.of(LimitKind.REQUESTS), instant, set);
      line(form + "tokens-%s", tokens(standing), instant, set);
      line(form + "input-tokens-%s", in, instant, set);
      line(form + "output-tokens-%s", out, instant, set);
    }
  };

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  /// How a time until something comes back is written.
  private interface Reset {
    String text(long nanos);
  }

  public abstract void write(Standing standing, Instant now, BiConsumer<String, String> set);

  /// Whether a header of a provider's tells of limits that are not the caller's.
  public static boolean tellsOfLimits(String name) {
    return name.startsWith("x-ratelimit-")
        || name.startsWith("anthropic-ratelimit-")
        || name.startsWith("ratelimit");
  }

  private static @Nullable Line tokens(Standing standing) {
    Line in = standing.of(LimitKind.INPUT_TOKENS);
    Line out = standing.of(LimitKind.OUTPUT_TOKENS);
    return in != null && in.tighter(out) ? in : out;
  }

  private static void line(
      String form, @Nullable Line line, Reset reset, BiConsumer<String, String> set) {
    if (line == null) {
      return;
    }
    set.accept(form.replace("%s", "limit"), Long.toString(line.limit().max()));
    set.accept(form.replace("%s", "remaining"), Long.toString(line.left()));
    set.accept(form.replace("%s", "reset"), reset.text(line.resetNanos()));
  }

  /// `12ms`, `1.5s`, `6m0s`, `1h0m0s`: whole milliseconds, rounded up.
  static String go(long nanos) {
    long millis = Math.ceilDiv(nanos, MILLI);
    if (millis < 1_000) {
      return millis == 0 ? "0s" : millis + "ms";
    }
    long seconds = millis / 1_000;
    String fraction = fraction(millis % 1_000);
    if (seconds < 60) {
      return seconds + fraction + "s";
    }
    String minutes = seconds / 60 % 60 + "m" + seconds % 60 + fraction + "s";
    return seconds < 3_600 ? minutes : seconds / 3_600 + "h" + minutes;
  }

  private static String fraction(long millis) {
    if (millis == 0) {
      return "";
    }
    String digits = "%03d".formatted(millis);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return "." + digits.substring(0, end);
  }

  /// `RateLimit-Policy` and `RateLimit`, which tell of every kind.
  public static void ietf(Standing standing, BiConsumer<String, String> set) {
    StringBuilder policy = new StringBuilder();
    StringBuilder left = new StringBuilder();
    for (Line line : standing.all()) {
      Limit limit = line.limit();
      Window per = limit.per();
      String comma = policy.isEmpty() ? "" : ", ";
      policy.append(comma).append('"').append(limit.kind().word()).append("\";q=");
      policy.append(limit.max()).append(unit(limit.kind()));
      left.append(comma).append('"').append(limit.kind().word()).append("\";r=");
      left.append(line.left());
      if (per != null) {
        policy.append(";w=").append(per.seconds());
        left.append(";t=").append(Math.ceilDiv(line.resetNanos(), SECOND));
      }
    }
    set.accept("ratelimit-policy", policy.toString());
    set.accept("ratelimit", left.toString());
  }

  private static String unit(LimitKind kind) {
    return switch (kind) {
      case REQUESTS -> "";
      case INPUT_TOKENS, OUTPUT_TOKENS -> ";qu=\"tokens\"";
      case CONCURRENCY -> ";qu=\"concurrent-requests\"";
      case SPEND -> ";qu=\"nano-usd\"";
    };
  }
}
