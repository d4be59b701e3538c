package dev.gatewright.json;

/// Hears of the marked values of a [JsonShape] while a [JsonWalker] passes them; asks the walker
/// for kind, place and text during the call only.
public interface JsonListener {
  /// A marked scalar has ended, or a marked object or array has begun.
  void value(int mark, JsonWalker at);

  /// A marked object or array has ended.
  default void closed(int mark, JsonWalker at) {}

  /// In an answer: another document begins behind one that has ended.
  default void next() {}
}
