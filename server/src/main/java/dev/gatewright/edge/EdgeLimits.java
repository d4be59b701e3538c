package dev.gatewright.edge;

import dev.gatewright.config.Profile;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.share.Shares;
import java.time.Duration;

/// What one caller, and all of them together, may cost. All sizes in bytes.
///
/// @param headerBytes request line and header lines; also how much may wait unread
/// @param bodyBytes the longest request body
/// @param heldBodiesBytes request bodies held in memory, over all exchanges
/// @param headerTimeout from a request's first byte to the end of its head
/// @param writeStall how long a caller's socket may take nothing while an answer waits
/// @param connections open at once; further ones get 503
/// @param bodyIdle within each such span a request body must bring what the least upload rate asks,
///   or its end
/// @param keepAlive how long a connection may rest between two requests
/// @param shares how much of it all one caller may have
public record EdgeLimits(
    int headerBytes,
    long bodyBytes,
    long heldBodiesBytes,
    Duration headerTimeout,
    Duration writeStall,
    int connections,
    Duration bodyIdle,
    Duration keepAlive,
    ShareLimits shares) {
  public static final EdgeLimits DEFAULT =
      new EdgeLimits(
          32 << 10,
          20 << 20,
          256 << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          10_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          ShareLimits.DEFAULT);

  /// A quarter of it is one address's: some 250 heads of the longest kind that do not end.
  private static final long UNREAD_BYTES_MAX = 32 << 20;

  /// For the local command line, beyond `held-bodies`: its bodies are small.
  private static final long HELD_RESERVE = 4 << 20;

  private static final long SMALL_BODY_BYTES = 10 << 20;

  /// Below the 64 MiB of direct memory in `deploy/jvm/small.options`.
  private static final long SMALL_HELD_BYTES = 40 << 20;

  private static final int HEADER_BYTES_MIN = 1 << 10;
  private static final int HEADER_BYTES_MAX = 1 << 20;

  public EdgeLimits {
    atLeast("limits.header", headerBytes, HEADER_BYTES_MIN);
    if (headerBytes > HEADER_BYTES_MAX) {
      throw new InvalidSetting("limits.header: %d bytes (expected: ≤ 1MiB)".formatted(headerBytes));
    }
    atLeast("limits.body", bodyBytes, 1);
    atLeast("limits.held-bodies", heldBodiesBytes, bodyBytes);
    atLeast("limits.connections", connections, 1);
    positive("limits.header-timeout", headerTimeout);
    positive("limits.write-stall", writeStall);
    positive("body idle", bodyIdle);
    positive("keep-alive", keepAlive);
  }

  /// Reads the mapping `limits`; what it does not say is meant for a machine of this profile.
  static EdgeLimits from(Settings limits, Profile profile) {
    boolean small = profile == Profile.SMALL;
    long header = limits.bytes("header", DEFAULT.headerBytes);
    return new EdgeLimits(
        (int) Math.min(header, Integer.MAX_VALUE),
        limits.bytes("body", small ? SMALL_BODY_BYTES : DEFAULT.bodyBytes),
        limits.bytes("held-bodies", small ? SMALL_HELD_BYTES : DEFAULT.heldBodiesBytes),
        limits.duration("header-timeout", DEFAULT.headerTimeout),
        limits.duration("write-stall", DEFAULT.writeStall),
        limits.integer("connections", DEFAULT.connections, 1, 1_000_000),
        DEFAULT.bodyIdle,
        DEFAULT.keepAlive,
        ShareLimits.from(limits.section("shares")));
  }

  /// With nobody held to less than all of it.
  public EdgeLimits(
      int headerBytes,
      long bodyBytes,
      long heldBodiesBytes,
      Duration headerTimeout,
      Duration writeStall,
      int connections,
      Duration bodyIdle,
      Duration keepAlive) {
    this(
        headerBytes,
        bodyBytes,
        heldBodiesBytes,
        headerTimeout,
        writeStall,
        connections,
        bodyIdle,
        keepAlive,
        ShareLimits.UNDIVIDED);
  }

  /// The budget of bodies held in memory. A key's share takes the longest body at least; a body
  /// from an unknown key is small, for what models and services are sent waits until the key is
  /// known.
  public HeldBodies heldBodies() {
    return new HeldBodies(
        new Shares(
            heldBodiesBytes,
            Math.max(bodyBytes, ShareLimits.of(heldBodiesBytes, shares.heldBodies())),
            Math.max(
                Math.min(heldBodiesBytes, 1 << 20),
                ShareLimits.of(heldBodiesBytes, shares.heldBodiesKeyless())),
            HELD_RESERVE));
  }

  /// Connections, by the address at their other end.
  public Shares connectionShares() {
    return new Shares(
        connections, connections, ShareLimits.of(connections, shares.connections()), 0);
  }

  /// Bytes of heads that are not complete and of bodies that nobody has asked for yet.
  public Shares unreadShares() {
    long all = Math.max(UNREAD_BYTES_MAX, 4L * headerBytes);
    return new Shares(all, all, Math.max(2L * headerBytes, all / 4), 0);
  }

  /// What a body must bring within [#bodyIdle].
  public long bodyBytesLeast() {
    return Math.max(1, shares.uploadBytesPerSecond() * bodyIdle.toMillis() / 1000);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new InvalidSetting("%s: %d (expected: ≥ %d)".formatted(name, value, least));
    }
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new InvalidSetting("%s: %s (expected: > 0s)".formatted(name, value));
    }
  }
}
