package dev.gatewright.ledger.purse;

import java.util.List;
import java.util.OptionalLong;

/// The purses within one transaction.
public interface Books {
  /// Does each of these to its purse, unless that has too little room for it.
  ///
  /// @param moves sorted by purse
  /// @return whether it did, in the same order; false too where there is no such purse
  List<Boolean> tryEach(List<Move> moves);

  /// Does what closes do; there need be no room for it.
  ///
  /// @param move without openings
  /// @return the room there is then; empty = there is no such purse
  OptionalLong settle(Move move);

  /// Takes so much more from each, or gives it back where it is negative. There is room.
  ///
  /// @param takes sorted by purse
  void take(List<Taken> takes);

  /// @param nano from room to held
  record Taken(String purse, long nano) {}
}
