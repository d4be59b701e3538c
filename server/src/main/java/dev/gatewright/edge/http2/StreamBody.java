package dev.gatewright.edge.http2;

import dev.gatewright.share.Holder;
import dev.gatewright.share.Shares;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What has come of one stream's body and is not wanted yet: at most what the stream's window lets
/// through, and counted with what waits unread on other connections. Confined to the connection's
/// event loop.
final class StreamBody {
  private final Shares unreadShares;
  private final Holder holder;
  private @Nullable ByteBuf unread;
  private long counted;
  private long come;
  private boolean complete;
  private boolean endGiven;

  /// @param complete there is no body
  StreamBody(Shares unreadShares, Holder holder, boolean complete) {
    this.unreadShares = unreadShares;
    this.holder = holder;
    this.complete = complete;
    this.endGiven = complete;
  }

  /// The last byte has come.
  boolean complete() {
    return complete;
  }

  /// Bytes that have come, for who looks whether any do.
  long come() {
    return come;
  }

  /// Nothing waits that came before.
  boolean isEmpty() {
    return unread == null;
  }

  /// Something waits to be delivered.
  boolean pending() {
    return unread != null || (complete && !endGiven);
  }

  void came(int bytes, boolean end) {
    come += bytes;
    complete |= end;
  }

  /// The receiver has heard of the end, or never will.
  void endGiven() {
    endGiven = true;
  }

  /// Keeps a copy: what came may be a small piece of a large buffer.
  ///
  /// @return false when there is no room
  boolean keep(ByteBuf data) {
    ByteBuf kept = unread;
    if (kept == null) {
      kept = data.alloc().buffer(data.readableBytes());
      unread = kept;
    }
    kept.writeBytes(data);
    long now = kept.capacity();
    if (now > counted && unreadShares.take(holder, now - counted) != Shares.Taken.YES) {
      release();
      return false;
    }
    counted = Math.max(now, counted);
    return true;
  }

  /// What waits, owned by who asks; null when nothing does.
  @Nullable ByteBuf take() {
    ByteBuf taken = unread;
    unread = null;
    unreadShares.give(holder, counted);
    counted = 0;
    return taken;
  }

  /// Drops what waits.
  void release() {
    ByteBuf dropped = take();
    if (dropped != null) {
      dropped.release();
    }
  }
}
