package dev.gatewright.handoff;

import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.share.Holder;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.share.Shares;
import java.util.function.Function;

/// What a hand-off may cost, and whom. A body is received whole, within `bodies`, before anything
/// of the portal's is taken: a place among the calls it answers at once, and room for the body in
/// its memory.
///
/// @param bodies request bodies in the edge's memory
/// @param places calls the portal answers at once
/// @param portalBytes request bodies of those calls, which the portal reads into objects
/// @param sizes how long a route's body may be
/// @param holder whose share a request's places come from; asked on the event loop, never blocks
public record HandoffTerms(
    HeldBodies bodies,
    Shares places,
    Shares portalBytes,
    BodySizes sizes,
    Function<RequestHead, Holder> holder) {
  private static final int CALLS_MAX = 512;

  /// Never waited for by the command line on this machine.
  private static final int CALLS_RESERVE = 16;

  /// Ten times as much on the heap, once it is a tree of objects.
  private static final long PORTAL_BYTES_MAX = 12 << 20;

  private static final long PORTAL_BYTES_RESERVE = 2 << 20;

  /// How long the body of a route may be.
  @FunctionalInterface
  public interface BodySizes {
    /// Where a route says nothing.
    long DEFAULT = 64 << 10;

    long bodyBytesMax(String method, String path);
  }

  public static HandoffTerms of(
      ShareLimits limits,
      HeldBodies bodies,
      BodySizes sizes,
      Function<RequestHead, Holder> holder) {
    long calls = ShareLimits.of(CALLS_MAX, limits.handOffs());
    long bytes = ShareLimits.of(PORTAL_BYTES_MAX, limits.handOffs());
    return new HandoffTerms(
        bodies,
        new Shares(CALLS_MAX, calls, calls, CALLS_RESERVE),
        new Shares(PORTAL_BYTES_MAX, bytes, bytes, PORTAL_BYTES_RESERVE),
        sizes,
        holder);
  }

  /// Connections to the portal that are needed for so many calls.
  static int connectionsMax() {
    return CALLS_MAX + CALLS_RESERVE;
  }
}
