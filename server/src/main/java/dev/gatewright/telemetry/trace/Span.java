package dev.gatewright.telemetry.trace;

/// Something that took time and is over. A small value, put together where it happened; its words
/// are made where it is sent. Never holds content, a credential, or anything without a bound.
/// Immutable.
public interface Span {
  Trace trace();

  /// Its own id.
  long id();

  /// Of the span it is a part of; 0 = of none.
  long parent();

  /// The request as it came in; false = something that was asked of others.
  boolean inward();

  String name();

  /// Nanoseconds since 1970.
  long startNanos();

  long endNanos();

  /// It went wrong, and not by the caller's doing.
  boolean failed();

  /// Says what else is known of it.
  void describe(Words words);

  /// Takes what is said. Longer texts are cut.
  interface Words {
    void text(String name, String value);

    void number(String name, long value);

    void real(String name, double value);

    void flag(String name, boolean value);
  }
}
