package dev.gatewright.room.provider;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// One video-room provider: the whole of what a new one must bring. Thread-safe; blocks; each call
/// gets the credential it may use, and keeps nothing of it.
///
/// Every method but [#plan] calls the provider, and throws [RoomRefused] when it refuses, cannot be
/// reached or answers nonsense.
public interface RoomProvider {
  ProviderFacts facts();

  /// Maps a room's settings. Pure: no call, no clock, no credential.
  RoomPlan plan(RoomSpec spec);

  /// Maps a change of a room that is there. Pure, as [#plan]; the outcomes are what can be promised
  /// before the provider has answered.
  ///
  /// @param was the room as it is
  RoomPlan change(RoomSpec spec, RoomWas was);

  /// Makes the room; its name, in the plan's spec, is set. A name that is taken is
  /// [RoomProblem#conflict].
  ProviderRoom create(Account account, RoomPlan plan);

  Optional<ProviderRoom> find(Account account, String name);

  /// Which of `names` the provider still has, by name; a name is left out only when the provider
  /// certainly does not have it, so a partial view answers with all names.
  Map<String, Boolean> alive(Account account, Collection<String> names);

  /// Changes the room to what a plan from [#change] says.
  Changed update(Account account, RoomPlan plan);

  /// False when the provider had no such room.
  boolean delete(Account account, RoomRef room);

  JoinToken token(Account account, TokenSpec spec);

  /// Ends the room at its time; called again every few seconds while it answers [Ending#OCCUPIED].
  ///
  /// @param eject end it even while people are in it
  Ending end(Account account, RoomRef room, boolean eject);
}
