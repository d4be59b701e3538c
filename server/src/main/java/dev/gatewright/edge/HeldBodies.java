package dev.gatewright.edge;

import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;

/// The common cap on request bodies held whole in memory, over all exchanges, and each caller's
/// share of it. Whoever keeps bytes takes them first and gives the same number back later; a take
/// that failed is answered with [#refusal]. Thread-safe, never blocks.
public final class HeldBodies {
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Shares bytes;

  /// @param bytes counted in bytes
  public HeldBodies(Shares bytes) {
    this.bytes = bytes;
  }

  /// Of which one holder may have all.
  public HeldBodies(long bytesMax) {
    this(Shares.undivided(bytesMax));
  }

  /// Takes `more` bytes of the budget, or nothing at all when they do not fit.
  public Shares.Taken take(Holder holder, long more) {
    return bytes.take(holder, more);
  }

  public void give(Holder holder, long fewer) {
    bytes.give(holder, fewer);
  }

  public long heldBytes() {
    return bytes.taken();
  }

  /// What a caller hears whose body does not fit now.
  ///
  /// @param why not [Shares.Taken#YES]
  public static Refusal refusal(Shares.Taken why) {
    return why == Shares.Taken.SHARE_FULL
        ? Refusal.tooMany(
            "This caller has as many request bodies in memory as one may have; please try again.",
            RETRY_AFTER_SECONDS)
        : Refusal.overloaded(
            "Too many request bodies are held in memory at the moment; please try again.",
            RETRY_AFTER_SECONDS);
  }
}
