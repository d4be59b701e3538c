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
    int bytes)
    implements Peek {

  /// Replaces the bytes from `start` to `end` (none when equal) by `text`.
  public record Edit(int start, int end, String text) {}
}
