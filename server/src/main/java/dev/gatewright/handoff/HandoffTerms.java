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
/// @param streams answers without end that are open at once: a thousand of these keep no call
///   waiting
/// @param portalBytes request bodies of those calls, which the portal reads into objects
/// @param sizes how long a route's body may be
/// @param holder whose share a request's places come from; asked on the event loop, never blocks
public record HandoffTerms(
    HeldBodies bodies,
    Shares places,
    Shares streams,
    Shares portalBytes,
    BodySizes sizes,
    Function<RequestHead, Holder> holder) {
  /// Streams of events that are open at once: a virtual thread, a bounded queue and a connection
  /// each.
  public static final int STREAMS_MAX = 512;

  private static final int CALLS_MAX = 512;

  /// Never waited for by the command line on this machine.
  private static final int CALLS_RESERVE = 16;

  /// Ten times as much on the heap, once it is a tree of objects.
  private static final long PORTAL_BYTES_MAX = 12 << 20;

  private static final long PORTAL_BYTES_RESERVE = 2 << 20;

  /// What a route's exchanges may cost, above all how long its body may be.
  @FunctionalInterface
  public interface BodySizes {
    /// Where a route says nothing.
    long DEFAULT = 64 << 10;

    long bodyBytesMax(String method, String path);

    /// Whether it is answered by a stream, which has a place of its own kind.
    default boolean streams(String method, String path) {
      return false;
    }
  }

  public static HandoffTerms of(
      ShareLimits limits,
      HeldBodies bodies,
      BodySizes sizes,
      Function<RequestHead, Holder> holder) {
    long calls = ShareLimits.of(CALLS_MAX, limits.handOffs());
    long streams = ShareLimits.of(STREAMS_MAX, limits.eventStreams());
    long bytes = ShareLimits.of(PORTAL_BYTES_MAX, limits.handOffs());
    return new HandoffTerms(
        bodies,
        new Shares(CALLS_MAX, calls, calls, CALLS_RESERVE),
        new Shares(STREAMS_MAX, streams, streams, 0),
        new Shares(PORTAL_BYTES_MAX, bytes, bytes, PORTAL_BYTES_RESERVE),
        sizes,
        holder);
  }

  /// Where the exchange takes its place.
  Shares placesOf(RequestHead request) {
    return sizes.streams(request.method(), request.path()) ? streams : places;
  }

  /// Connections to the portal that are needed for so many calls and streams.
  static int connectionsMax() {
    return CALLS_MAX + CALLS_RESERVE + STREAMS_MAX;
  }
}
