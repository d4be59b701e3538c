package dev.gatewright.llm.body;

import org.jspecify.annotations.Nullable;

/// What a look at a request's body found. Offsets are bytes from the body's start.
///
/// @param model the name asked for, escapes resolved
/// @param modelStart where the value of `model` begins, its opening quote
/// @param modelEnd behind its closing quote
/// @param stream the caller asked for a stream
/// @param usageAsked the caller asked for the usage chunk (`stream_options.include_usage`)
/// @param usageEdit how to ask for it in the caller's place; null when it is asked for already
/// @param outputTokensMax the output cap the body names; -1 = none
/// @param choices `n`; -1 = not given
/// @param tools the body offers tools
/// @param providerState path of the first field that names state kept at the provider; null = none
/// @param inputTokensEstimate tokens the body comes to at most likely: a quarter of its bytes,
///   rounded up, pictures and other attachments apart; used only when the provider reports nothing
/// @param serviceTier the tier the body names (`service_tier`); empty = none
/// @param bytes the body's length
/// @param cap how it can be given an output cap
public record PeekedBody(
    String model,
    int modelStart,
    int modelEnd,
    boolean stream,
    boolean usageAsked,
    @Nullable Edit usageEdit,
    long outputTokensMax,
    long choices,
    boolean tools,
    @Nullable String providerState,
    long inputTokensEstimate,
    String serviceTier,
    int bytes,
    OutputCap cap)
    implements Peek {

  /// How the body can be given an output cap where it names none.
  ///
  /// @param named the field that names one; empty = none does
  /// @param odd one is named that is no whole number
  /// @param nullField the first cap that is `null`, which says none; null = there is none
  /// @param at what stands there, or where a further member goes
  public record OutputCap(String named, boolean odd, @Nullable String nullField, Edit at) {}

  /// The edit that gives a body without a cap this one.
  public Edit capped(String field, long tokens) {
    String text = cap.nullField == null ? ",\"%s\":%d".formatted(field, tokens) : "" + tokens;
    return new Edit(cap.at.start, cap.at.end, text);
  }

  /// Replaces the bytes from `start` to `end` (none when equal) by `text`.
  public record Edit(int start, int end, String text) {}
}
