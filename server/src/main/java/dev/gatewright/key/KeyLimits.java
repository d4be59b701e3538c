package dev.gatewright.key;

import java.time.Duration;

/// Bounds of the look-up.
///
/// @param knownMax keys kept in memory
/// @param unknownMax ids kept in memory that are known not to exist
/// @param missesMax look-ups in the store at one time
/// @param waitersMax calls that wait for those look-ups at one time
/// @param stalenessMax without news from the store for longer than this, nobody is let in
record KeyLimits(
    int knownMax, int unknownMax, int missesMax, int waitersMax, Duration stalenessMax) {
  /// About 15 MB of heap when full.
  static final KeyLimits DEFAULT =
      new KeyLimits(20_000, 20_000, 256, 4_096, Duration.ofSeconds(60));
}
