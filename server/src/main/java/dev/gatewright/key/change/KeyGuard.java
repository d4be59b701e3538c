package dev.gatewright.key.change;

import dev.gatewright.key.StoredKey;

/// Asked of a key once nobody else can change it, before it is changed: whether it still is what
/// the caller last saw. Must not touch the store.
@FunctionalInterface
public interface KeyGuard {
  /// Whatever it is by now.
  KeyGuard NONE = _ -> {};

  /// @throws RuntimeException to leave the key as it is; the caller of the change gets it
  void require(StoredKey before);
}
