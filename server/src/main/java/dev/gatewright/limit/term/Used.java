package dev.gatewright.limit.term;

/// What a call really used, known when it is over.
///
/// @param costNano nano-USD by the list price; 0 where it has none
/// @param sent false = the gate refused it for another reason, and it counts as no request
public record Used(long inputTokens, long outputTokens, long costNano, boolean sent) {
  /// The gate itself refused it.
  public static final Used NOTHING = new Used(0, 0, 0, false);

  /// Both together.
  public Used and(Used other) {
    return new Used(
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        costNano + other.costNano,
        sent || other.sent);
  }

  /// In a limit's own unit.
  public long of(LimitKind kind) {
    return switch (kind) {
      case REQUESTS -> sent ? 1 : 0;
      case CONCURRENCY -> 0;
      case INPUT_TOKENS -> inputTokens;
      case OUTPUT_TOKENS -> outputTokens;
      case SPEND -> costNano;
    };
  }
}
