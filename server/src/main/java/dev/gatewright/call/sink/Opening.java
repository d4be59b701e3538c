package dev.gatewright.call.sink;

import dev.gatewright.call.Tap;
import dev.gatewright.edge.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The head and the first bytes of an answer, held until its tap says that it is one: until then
/// the caller can still be told by status that it is none. Held are at most 16 KiB, and for no
/// longer than a second, so that a provider that is slow to begin does not look dead. Confined to
/// the call's event loop.
public final class Opening {
  static final int HELD_BYTES_MAX = 16 * 1024;
  private static final long HELD_MILLIS_MAX = 1_000;

  private final Exchange exchange;
  private final Tap tap;
  private final int status;
  private final HttpHeaders headers;
  private final LongSupplier bodyLength;
  private final Runnable onOpen;
  private @Nullable ByteBuf held;
  private @Nullable ScheduledFuture<?> timer;
  private boolean over;

  /// Its head says something that only the whole answer tells: so much of it is waited for; 0 = it
  /// leaves when it has begun.
  private int wholeBytesMax;

  /// @param bodyLength asked for when the head leaves; -1 = unknown
  /// @param onOpen runs once the head is on its way
  public Opening(
      Exchange exchange,
      Tap tap,
      int status,
      HttpHeaders headers,
      LongSupplier bodyLength,
      Runnable onOpen) {
    this.exchange = exchange;
    this.tap = tap;
    this.status = status;
    this.headers = headers;
    this.bodyLength = bodyLength;
    this.onOpen = onOpen;
  }

  /// The head waits for the answer's end, where that is no longer than so and no later than others
  /// wait.
  void waitForWhole(int bytesMax) {
    wholeBytesMax = bytesMax;
  }

  /// Takes over bytes for the caller, which the tap has seen.
  public void write(ByteBuf part) {
    if (over) {
      part.release();
    } else if (exchange.headSent()) {
      exchange.write(part);
    } else {
      hold(part);
    }
  }

  private void hold(ByteBuf part) {
    ByteBuf before = held;
    ByteBuf holding;
    // Most answers that have to wait come in one part.
    if (before == null) {
      holding = part;
    } else if (before instanceof CompositeByteBuf several) {
      holding = several.addComponent(true, part);
    } else {
      holding = part.alloc().compositeBuffer(64).addComponents(true, before, part);
    }
    held = holding;
    if (holding.readableBytes() > Math.max(HELD_BYTES_MAX, wholeBytesMax)) {
      open();
    }
  }

  /// One read of the other side's socket is complete: what may leave leaves.
  public void turn() {
    if (!exchange.headSent() && wholeBytesMax == 0 && tap.begun()) {
      open();
    }
    if (exchange.headSent()) {
      exchange.flush();
    } else if (timer == null && !over) {
      timer = exchange.eventLoop().schedule(this::waited, HELD_MILLIS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  private void waited() {
    if (!over) {
      open();
      exchange.flush();
    }
  }

  /// The head, and all that was held, are on their way.
  public void open() {
    if (over || exchange.headSent()) {
      return;
    }
    stop();
    exchange.head(status, headers, bodyLength.getAsLong());
    ByteBuf first = held;
    held = null;
    if (first != null) {
      exchange.write(first);
    }
    onOpen.run();
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /// Nothing more is written; what is held is forgotten.
  public void release() {
    over = true;
    stop();
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
