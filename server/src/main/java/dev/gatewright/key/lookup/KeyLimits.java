package dev.gatewright.key.lookup;

import java.time.Duration;

/// Bounds of the look-up.
///
/// @param knownBytesMax heap for keys kept in memory, by estimate: a key with long rules takes the
///   place of many
/// @param unknownMax ids kept in memory that are known not to exist
/// @param missesMax look-ups in the store at one time
/// @param waitersMax calls that wait for those look-ups at one time
/// @param knownAgeMax a key in memory is read anew after at most this, whatever news came or did
///   not
/// @param unknownAgeMax the same for ids known not to exist
/// @param stalenessMax without news from the store for longer than this, nobody is let in
public record KeyLimits(
    long knownBytesMax,
    int unknownMax,
    int missesMax,
    int waitersMax,
    Duration stalenessMax,
    Duration knownAgeMax,
    Duration unknownAgeMax) {
  /// Keys without rules fit 20,000 times.
  public static final KeyLimits DEFAULT =
      new KeyLimits(
          16 << 20,
          20_000,
          256,
          4_096,
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofMinutes(1));
}
