package dev.gatewright.call.tap;

/// What a call is counted in, and so what in its answer counts.
public enum Meter {
  /// Tokens both ways; bytes where an answer says nothing and nothing was asked in words.
  TOKENS,
  /// Tokens one way: there is no output.
  EMBEDDINGS,
  /// Pictures, beside tokens where the answer reports some.
  PICTURES,
  /// The characters that were asked to be spoken.
  SPEECH,
  /// The length of a recording.
  RECORDING,
  /// Nothing: counting tokens uses none.
  NOTHING
}
