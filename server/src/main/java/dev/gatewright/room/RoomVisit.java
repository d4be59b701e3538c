package dev.gatewright.room;

import dev.gatewright.room.RoomStore.Shelf;

/// One call on rooms once it is known who calls, which provider is meant and whose credential pays.
///
/// @param endpoint method and route template, for the usage row
/// @param shelf where this caller's rows for this credential are
record RoomVisit(
    RoomCaller caller, RoomProvider provider, Account account, Shelf shelf, String endpoint) {
  String providerId() {
    return provider.facts().id();
  }

  RoomRefused notFound(String name) {
    return new RoomRefused(RoomProblem.notFound(providerId(), name));
  }
}
