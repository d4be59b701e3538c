package dev.gatewright.room.access;

import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.RoomProvider;
import dev.gatewright.room.store.RoomStore.Shelf;
import dev.gatewright.room.wire.RoomProblem;
import dev.gatewright.room.wire.RoomRefused;

/// One call on rooms once it is known who calls, which provider is meant and whose credential pays.
///
/// @param endpoint method and route template, for the usage row
/// @param shelf where this caller's rows for this credential are
public record RoomVisit(
    RoomCaller caller, RoomProvider provider, Account account, Shelf shelf, String endpoint) {
  public String providerId() {
    return provider.facts().id();
  }

  public RoomRefused notFound(String name) {
    return new RoomRefused(RoomProblem.notFound(providerId(), name));
  }
}
