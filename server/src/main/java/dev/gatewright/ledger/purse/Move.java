package dev.gatewright.ledger.purse;

/// What one commit does to one purse, in nano-USD.
///
/// @param take its openings reserve together
/// @param freed its closes had reserved, and hold no longer
/// @param spent of that, what they came to; the rest goes back
public record Move(String purse, long take, long freed, long spent) {
  static Move nothing(String purse) {
    return new Move(purse, 0, 0, 0);
  }

  /// Room that closes give back; negative where they cost more than they held.
  long back() {
    return freed - spent;
  }

  Move taking(long nano) {
    return new Move(purse, take + nano, freed, spent);
  }

  Move settling(long held, long cost) {
    return new Move(purse, take, freed + held, spent + cost);
  }

  /// The same without its openings.
  Move closesOnly() {
    return new Move(purse, 0, freed, spent);
  }
}
