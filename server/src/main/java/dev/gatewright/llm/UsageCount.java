package dev.gatewright.llm;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;

/// What is known so far of an answer's tokens: the provider's numbers where it gives some, and
/// beside them our own count of what was delivered, for an answer that ends early or reports
/// nothing. Confined to the call's event loop.
///
/// Our own count of the output is the larger of the number of events that carried text and a
/// quarter of the text's UTF-8 bytes, rounded up; of the input, a quarter of the request body's
/// bytes. A provider's zero is zero; only an absent number is replaced.
final class UsageCount implements JsonListener {
  private static final int BYTES_PER_TOKEN = 4;

  private final long inputEstimate;
  private final boolean cacheBesideInput;

  /// Counting tokens uses none.
  private final boolean nothing;

  private boolean complete;
  private long input = -1;
  private long output = -1;
  private long cached;
  private long cacheWritten;
  private long reasoning;

  private long textBytes;
  private long textEvents;
  private boolean textInEvent;
  private boolean usageInEvent;
  private boolean choicesEmpty;

  /// @param inputEstimate tokens of the request by our own count
  UsageCount(Endpoint endpoint, long inputEstimate) {
    this.inputEstimate = inputEstimate;
    this.cacheBesideInput = endpoint == Endpoint.MESSAGES;
    this.nothing = endpoint == Endpoint.COUNT_TOKENS;
  }

  /// A new event, or a whole answer, begins.
  void begin() {
    textInEvent = false;
    usageInEvent = false;
    choicesEmpty = false;
  }

  @Override
  public void value(int mark, JsonWalker at) {
    switch (mark) {
      case UsageShape.INPUT -> input = Math.max(input, at.number());
      case UsageShape.OUTPUT -> output = Math.max(output, at.number());
      case UsageShape.CACHED -> cached = Math.max(cached, at.number());
      case UsageShape.CACHE_WRITTEN -> cacheWritten = Math.max(cacheWritten, at.number());
      case UsageShape.REASONING -> reasoning = Math.max(reasoning, at.number());
      case UsageShape.TEXT -> {
        long bytes = at.textBytes();
        textBytes += bytes;
        textInEvent |= bytes > 0;
      }
      default -> {}
    }
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    if (mark == UsageShape.CHOICES) {
      choicesEmpty = at.kind() == JsonKind.ARRAY && at.empty();
    } else if (mark == UsageShape.USAGE) {
      usageInEvent = at.kind() == JsonKind.OBJECT;
    }
  }

  /// The event, or the whole answer, has ended.
  void end() {
    complete |= usageInEvent;
    textEvents += textInEvent ? 1 : 0;
  }

  /// The event that has just ended is the one a chat stream carries only when usage was asked for:
  /// no choices, and a usage.
  boolean isUsageChunk() {
    return choicesEmpty && usageInEvent;
  }

  /// Output tokens delivered so far.
  long outputSoFar() {
    return Math.max(output, counted());
  }

  private long counted() {
    return Math.max(textEvents, (textBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
  }

  /// The tokens by the best evidence there is now.
  Usage usage() {
    if (nothing) {
      return Usage.NOTHING;
    }
    long in = input < 0 ? inputEstimate : cacheBesideInput ? input + cached + cacheWritten : input;
    long out = complete && output >= 0 ? output : outputSoFar();
    return new Usage(
        in, out, cached, cacheWritten, reasoning, complete ? Source.PROVIDER : Source.COUNTED);
  }
}
