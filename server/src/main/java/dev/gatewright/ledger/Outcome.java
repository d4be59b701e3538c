package dev.gatewright.ledger;

import java.util.Locale;
import java.util.Map;

/// How an attempt ended.
///
/// @param status the provider's HTTP status; 0 when no answer came
/// @param usage tokens or a service's own unit, by the best evidence
/// @param firstByteMillis from the start to the answer's head; -1 when none came
/// @param durationMillis from the start to the end
/// @param requestBytes body bytes sent
/// @param responseBytes body bytes received
/// @param upstreamRequestId what the provider calls this request; empty = it did not say
public record Outcome(
    End end,
    int status,
    Usage usage,
    long firstByteMillis,
    long durationMillis,
    long requestBytes,
    long responseBytes,
    String upstreamRequestId) {

  /// Of a provider that named nothing.
  public Outcome(
      End end,
      int status,
      Usage usage,
      long firstByteMillis,
      long durationMillis,
      long requestBytes,
      long responseBytes) {
    this(end, status, usage, firstByteMillis, durationMillis, requestBytes, responseBytes, "");
  }

  public Outcome with(Usage newUsage) {
    return new Outcome(
        end,
        status,
        newUsage,
        firstByteMillis,
        durationMillis,
        requestBytes,
        responseBytes,
        upstreamRequestId);
  }

  public Outcome with(String newUpstreamRequestId) {
    return new Outcome(
        end,
        status,
        usage,
        firstByteMillis,
        durationMillis,
        requestBytes,
        responseBytes,
        newUpstreamRequestId);
  }

  /// Why it ended.
  public enum End {
    /// A complete answer, whatever its status.
    COMPLETED,
    /// The caller left.
    CANCELLED,
    /// The provider failed, was too slow or cut the answer.
    FAILED,
    /// This process died, or was told to stop, while the attempt was open.
    INTERRUPTED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word in rows and JSON.
    public String word() {
      return word;
    }
  }

  /// Where a number comes from.
  public enum Source {
    PROVIDER,
    COUNTED,
    /// There is no evidence, and the number is 0.
    NONE;

    /// What both together are worth: the provider's numbers beside a counted one are counted; a
    /// number that is not there weakens nothing.
    public Source weaker(Source other) {
      if (this == NONE || other == NONE) {
        return this == NONE ? other : this;
      }
      return this == COUNTED ? this : other;
    }

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word in rows and JSON.
    public String word() {
      return word;
    }
  }

  /// What an attempt is counted in beside tokens. The names stand in rows and in JSON.
  public enum Unit {
    /// The token columns say all; the quantity is 0.
    TOKENS,
    /// The quantity is in whole milliseconds, so that sums stay exact; shown as seconds.
    AUDIO_SECONDS,
    IMAGES,
    /// Unicode code points of the text that was spoken.
    CHARACTERS,
    /// Body bytes of the answer, where a service says nothing better.
    BYTES;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The word in rows and JSON.
    public String word() {
      return word;
    }
  }

  /// What one attempt used. Cached tokens are a part of the input tokens, reasoning tokens of the
  /// output tokens; each has the source of what it is a part of.
  ///
  /// @param cacheWriteTokens written to the provider's prompt cache; a part of the input tokens
  /// @param quantity how much of `unit`; see [Unit] for its scale
  /// @param meters leaf meters beyond all these (`web_search`, `input_audio` …); those of tokens
  ///   are a part of the input or output tokens
  public record Usage(
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      long cacheWriteTokens,
      long reasoningTokens,
      Source inputSource,
      Source outputSource,
      Unit unit,
      long quantity,
      Source quantitySource,
      Map<String, Long> meters) {
    public static final Usage NOTHING = new Usage(0, 0, 0, 0, 0, Source.NONE);

    /// More than any call has; the sum over a year of calls still fits 64 bits.
    public static final long TOKENS_MAX = 1_000_000_000_000L;

    /// Tokens and nothing else, all by one source.
    public Usage(
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long reasoningTokens,
        Source source) {
      this(
          inputTokens,
          outputTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          source,
          source);
    }

    /// Tokens and nothing else.
    public Usage(
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long reasoningTokens,
        Source inputSource,
        Source outputSource) {
      this(
          inputTokens,
          outputTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          inputSource,
          outputSource,
          Unit.TOKENS,
          0,
          Source.NONE);
    }

    /// No meters beyond those.
    public Usage(
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long reasoningTokens,
        Source inputSource,
        Source outputSource,
        Unit unit,
        long quantity,
        Source quantitySource) {
      this(
          inputTokens,
          outputTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          inputSource,
          outputSource,
          unit,
          quantity,
          quantitySource,
          Map.of());
    }

    /// A service's own unit and no tokens.
    public static Usage of(Unit unit, long quantity, Source source) {
      return new Usage(0, 0, 0, 0, 0, Source.NONE, Source.NONE, unit, quantity, source);
    }

    /// Where the numbers come from, taken together.
    public Source source() {
      return inputSource.weaker(outputSource).weaker(quantitySource);
    }

    /// A provider may say anything; what is out of all bounds is cut to them.
    public Usage {
      inputTokens = bounded(inputTokens);
      outputTokens = bounded(outputTokens);
      cachedTokens = bounded(cachedTokens);
      cacheWriteTokens = bounded(cacheWriteTokens);
      reasoningTokens = bounded(reasoningTokens);
      quantity = bounded(quantity);
      meters = Meters.checked(meters);
    }

    /// The same with meters beyond all these.
    public Usage with(Map<String, Long> more) {
      return new Usage(
          inputTokens,
          outputTokens,
          cachedTokens,
          cacheWriteTokens,
          reasoningTokens,
          inputSource,
          outputSource,
          unit,
          quantity,
          quantitySource,
          more);
    }

    static long bounded(long tokens) {
      return Math.clamp(tokens, 0, TOKENS_MAX);
    }
  }
}
