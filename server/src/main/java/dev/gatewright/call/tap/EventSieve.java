package dev.gatewright.call.tap;

import dev.gatewright.call.sink.Sieve;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Changes single events of a stream, which its tap tells apart. Whole events leave in the turn
/// they come, uncopied where they can; of an event that has not ended yet at most 1 MiB is held.
/// Confined to the call's event loop.
class EventSieve implements Sieve {
  /// A longer event is none of those that are changed; it passes from here on as it comes.
  static final int HELD_BYTES_MAX = 1024 * 1024;

  private final AnswerTap tap;
  private final ByteBufAllocator allocator;
  private final Consumer<ByteBuf> out;
  private final BooleanSupplier wanted;
  private final UnaryOperator<byte[]> change;

  /// The beginning of the current event, not yet written; owned.
  private @Nullable ByteBuf held;

  private boolean passing;

  /// @param out takes over what goes on to the caller
  /// @param wanted the event that has just ended is to be changed
  /// @param change what an event becomes; empty = nothing of it stays
  EventSieve(
      AnswerTap tap,
      ByteBufAllocator allocator,
      Consumer<ByteBuf> out,
      BooleanSupplier wanted,
      UnaryOperator<byte[]> change) {
    this.tap = tap;
    this.allocator = allocator;
    this.out = out;
    this.wanted = wanted;
    this.change = change;
  }

  /// Takes over `part`, the next bytes of the stream.
  @Override
  public void take(ByteBuf part) {
    int from = part.readerIndex();
    int to = part.writerIndex();
    int unwritten = from;
    int event = from;
    byte[] window = AnswerTap.WINDOW.get();
    for (int at = from; at < to; at += Math.min(window.length, to - at)) {
      int length = Math.min(window.length, to - at);
      part.getBytes(at, window, 0, length);
      for (int end = tap.next(window, 0, length); end >= 0; end = tap.next(window, end, length)) {
        if (wanted.getAsBoolean() && !passing) {
          write(part, unwritten, event);
          changed(part, event, at + end);
          unwritten = at + end;
        } else {
          writeHeld();
        }
        passing = false;
        event = at + end;
      }
    }
    if (!tap.mayBeEvents()) {
      writeHeld();
      passing = true;
    }
    int whole = passing ? to : event;
    if (unwritten == from && whole == to) {
      out.accept(part);
      return;
    }
    write(part, unwritten, whole);
    if (whole < to) {
      hold(part, whole, to);
    }
    part.release();
  }

  /// The stream has ended; an event without its blank line counts as one.
  @Override
  public void finish() {
    tap.end();
    if (held != null && wanted.getAsBoolean()) {
      changed(Unpooled.EMPTY_BUFFER, 0, 0);
    } else {
      writeHeld();
    }
  }

  /// What the caller has been sent ends with a whole event.
  @Override
  public boolean between() {
    return !passing;
  }

  /// Forgets the half event that is held.
  @Override
  public void release() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  private void hold(ByteBuf part, int from, int to) {
    ByteBuf holding = held;
    if (holding == null) {
      holding = allocator.buffer(Math.max(256, to - from));
      held = holding;
    }
    holding.writeBytes(part, from, to - from);
    if (holding.readableBytes() > HELD_BYTES_MAX) {
      writeHeld();
      passing = true;
    }
  }

  private void write(ByteBuf part, int from, int to) {
    if (from < to) {
      out.accept(part.retainedSlice(from, to - from));
    }
  }

  private void writeHeld() {
    ByteBuf whole = held;
    held = null;
    if (whole != null) {
      out.accept(whole);
    }
  }

  /// Writes what becomes of the event that stands in `held` and in `part` from `from` to `to`.
  private void changed(ByteBuf part, int from, int to) {
    int heldBytes = held == null ? 0 : held.readableBytes();
    byte[] event = new byte[heldBytes + to - from];
    if (held != null) {
      held.getBytes(held.readerIndex(), event, 0, heldBytes);
    }
    part.getBytes(from, event, heldBytes, to - from);
    release();
    byte[] rest = change.apply(event);
    if (rest.length > 0) {
      out.accept(allocator.buffer(rest.length).writeBytes(rest));
    }
  }
}
