package dev.gatewright.rest;

/// Who may call a route; stands in the document as `x-gatewright-access`. What the route's handler
/// finds as its [ApiCall#caller] follows from it.
public sealed interface Access {
  /// An admin key, or the command line's key of this start.
  record Admin() implements Access {}

  /// A live key, for itself.
  record LiveKey() implements Access {}

  /// A live or an admin key or, where the settings open it, a provider's credential alone. The
  /// resource asks for what it takes.
  record RoomCaller() implements Access {}

  /// No key.
  record Everybody() implements Access {}

  static Access admin() {
    return new Admin();
  }

  static Access liveKey() {
    return new LiveKey();
  }

  static Access roomCaller() {
    return new RoomCaller();
  }

  static Access everybody() {
    return new Everybody();
  }

  /// The word in the document.
  default String word() {
    return switch (this) {
      case Admin _ -> "admin";
      case LiveKey _ -> "live-key";
      case RoomCaller _ -> "live-key-or-provider-credential";
      case Everybody _ -> "everybody";
    };
  }
}
