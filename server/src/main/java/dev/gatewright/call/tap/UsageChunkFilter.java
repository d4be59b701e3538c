package dev.gatewright.call.tap;

import dev.gatewright.call.Sieve;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes out of a chat stream the one chunk the caller did not ask for: no choices, and a usage.
/// Where that chunk says anything else, such as an error, only its usage is taken out. Whole events
/// leave in the turn they come, uncopied where they can; of an event that has not ended yet at most
/// 1 MiB is held. Comment lines in front of a removed chunk stay. Confined to the call's event
/// loop.
public final class UsageChunkFilter implements Sieve {
  /// A longer event is no usage chunk; it passes from here on as it comes.
  static final int HELD_BYTES_MAX = 1024 * 1024;

  private final AnswerTap tap;
  private final ByteBufAllocator allocator;
  private final Consumer<ByteBuf> out;

  /// The beginning of the current event, not yet written; owned.
  private @Nullable ByteBuf held;

  private boolean passing;

  /// @param out takes over what goes on to the caller
  public UsageChunkFilter(AnswerTap tap, ByteBufAllocator allocator, Consumer<ByteBuf> out) {
    this.tap = tap;
    this.allocator = allocator;
    this.out = out;
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
        if (tap.endedUsageChunk() && !passing) {
          write(part, unwritten, event);
          removeUsage(part, event, at + end);
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
    if (held != null && tap.endedUsageChunk()) {
      removeUsage(Unpooled.EMPTY_BUFFER, 0, 0);
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

  /// Takes the usage out of the event that stands in `held` and in `part` from `from` to `to`; with
  /// it the whole event, less its comments, where nothing else is said.
  private void removeUsage(ByteBuf part, int from, int to) {
    int heldBytes = held == null ? 0 : held.readableBytes();
    byte[] event = new byte[heldBytes + to - from];
    if (held != null) {
      held.getBytes(held.readerIndex(), event, 0, heldBytes);
    }
    part.getBytes(from, event, heldBytes, to - from);
    release();
    byte[] rest = tap.endedPureUsageChunk() ? UsageCut.comments(event) : UsageCut.of(event);
    if (rest.length > 0) {
      out.accept(allocator.buffer(rest.length).writeBytes(rest));
    }
  }
}
