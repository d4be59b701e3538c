package dev.gatewright.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The chunked coding of one body (RFC 9112 §7.1), of a request or of an answer, read a byte at a
/// time outside the data, so it may be split anywhere. Strict: CR LF everywhere, sizes of one to
/// fifteen digits. Extensions are dropped, as the RFC wants; trailers are checked and dropped. Both
/// have limits. Confined to one event loop; used again after [#reset()].
public final class ChunkedBody {
  private static final int SIZE_DIGITS_MAX = 15;
  private static final int TRAILER_BYTES_MAX = 8 * 1024;

  /// Bytes of extensions beyond what the data pays for: one-byte chunks with a page of extensions
  /// each would otherwise make a small body cost a thousandfold (CVE-2023-39326).
  private static final int EXTENSION_BYTES_MAX = 4 * 1024;

  private static final int EXTENSION_BYTES_FREE = 128;

  private enum State {
    SIZE,
    BLANK,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    END
  }

  private State state = State.SIZE;
  private long remaining;
  private int digits;
  private long extensionBytes;
  private int trailerBytes;
  private @Nullable ChunkFault fault;

  public void reset() {
    state = State.SIZE;
    remaining = 0;
    digits = 0;
    extensionBytes = 0;
    trailerBytes = 0;
    fault = null;
  }

  /// What is wrong with the coding, or null; nothing can be read after a fault.
  public @Nullable ChunkFault fault() {
    return fault;
  }

  /// The last chunk and the trailers are complete.
  public boolean complete() {
    return state == State.END;
  }

  /// Leaves only the data of `in` readable, moved together: whoever reads it writes one buffer on,
  /// not one a chunk, and a body cut into one-byte chunks costs no buffer objects.
  ///
  /// @return how many bytes of `in` stand behind the end of the body; they are no longer readable
  public int squeeze(ByteBuf in) {
    int start = in.readerIndex();
    int end = start;
    while (fault == null && state != State.END && in.isReadable()) {
      if (state != State.DATA) {
        framing(in.readByte());
        continue;
      }
      int length = (int) Math.min(remaining, in.readableBytes());
      int from = in.readerIndex();
      if (end == start) {
        start = from;
        end = from;
      } else if (end != from) {
        in.setBytes(end, in, from, length);
      }
      end += length;
      in.skipBytes(length);
      remaining -= length;
      if (remaining == 0) {
        state = State.DATA_CR;
      }
    }
    int surplus = in.readableBytes();
    in.setIndex(start, end);
    return surplus;
  }

  private void framing(byte c) {
    switch (state) {
      case SIZE -> size(c);
      case BLANK -> blank(c);
      case EXTENSION -> extension(c);
      case SIZE_LF -> {
        if (c != '\n') {
          fault = ChunkFault.SIZE;
        } else {
          state = remaining == 0 ? State.TRAILER_START : State.DATA;
          digits = 0;
          extensionBytes = Math.max(0, extensionBytes - EXTENSION_BYTES_FREE - remaining);
        }
      }
      case DATA_CR -> expect(c, '\r', State.DATA_LF);
      case DATA_LF -> expect(c, '\n', State.SIZE);
      case TRAILER_START, TRAILER_NAME, TRAILER_VALUE -> trailer(c);
      case TRAILER_LF -> next(c, State.TRAILER_START);
      case END_LF -> next(c, State.END);
      case DATA, END -> throw new IllegalStateException("no framing in " + state);
    }
  }

  private void size(byte c) {
    int digit = c < 0 ? -1 : Character.digit(c, 16);
    if (digit >= 0 && digits < SIZE_DIGITS_MAX) {
      remaining = remaining << 4 | digit;
      digits++;
    } else if (digits == 0 || digit >= 0) {
      fault = ChunkFault.SIZE;
    } else if (c == '\r') {
      state = State.SIZE_LF;
    } else if (c == ' ' || c == '\t') {
      state = State.BLANK;
    } else if (c == ';') {
      state = State.EXTENSION;
    } else {
      fault = c == '\n' ? ChunkFault.LINE_FEED : ChunkFault.SIZE;
    }
  }

  /// White space behind the size, which only an extension may follow.
  private void blank(byte c) {
    if (c == ';') {
      state = State.EXTENSION;
    } else if (c != ' ' && c != '\t') {
      fault = ChunkFault.SIZE;
    } else {
      countExtension();
    }
  }

  private void extension(byte c) {
    if (c == '\r') {
      state = State.SIZE_LF;
    } else if (!HeaderCharacters.isValue(c)) {
      fault = c == '\n' ? ChunkFault.LINE_FEED : ChunkFault.EXTENSION;
    } else {
      countExtension();
    }
  }

  private void countExtension() {
    if (++extensionBytes > EXTENSION_BYTES_MAX) {
      fault = ChunkFault.EXTENSION;
    }
  }

  private void trailer(byte c) {
    if (++trailerBytes > TRAILER_BYTES_MAX) {
      fault = ChunkFault.TRAILERS_TOO_LONG;
    } else if (state == State.TRAILER_VALUE) {
      if (c == '\r') {
        state = State.TRAILER_LF;
      } else if (!HeaderCharacters.isValue(c)) {
        fault = c == '\n' ? ChunkFault.LINE_FEED : ChunkFault.TRAILER;
      }
    } else if (HeaderCharacters.isToken(c)) {
      state = State.TRAILER_NAME;
    } else if (c == ':' && state == State.TRAILER_NAME) {
      state = State.TRAILER_VALUE;
    } else if (c == '\r' && state == State.TRAILER_START) {
      state = State.END_LF;
    } else {
      fault = c == '\n' && state == State.TRAILER_START ? ChunkFault.LINE_FEED : ChunkFault.TRAILER;
    }
  }

  private void expect(byte c, char expected, State following) {
    if (c == expected) {
      state = following;
    } else {
      fault = ChunkFault.END;
    }
  }

  private void next(byte c, State following) {
    if (lf(c)) {
      state = following;
    }
  }

  private boolean lf(byte c) {
    if (c != '\n') {
      fault = ChunkFault.LINE_FEED;
    }
    return c == '\n';
  }
}
