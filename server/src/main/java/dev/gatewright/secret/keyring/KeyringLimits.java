package dev.gatewright.secret.keyring;

/// @param usesMax how many values one data key seals, far below the 2³² at which random nonces
///   begin to meet
/// @param usesBlock uses taken from the store at once; what is left of a block at a stop is lost
/// @param heldMax data keys in memory, each some 200 bytes
public record KeyringLimits(long usesMax, long usesBlock, int heldMax) {
  public static final KeyringLimits DEFAULT = new KeyringLimits(1L << 30, 1_000, 10_000);
}
