package dev.gatewright.relay;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The chunked coding of one answer (RFC 9112 §7.1), read a byte at a time outside the data, so it
/// may be split anywhere. Extensions and trailers are dropped, bounded and checked for control
/// characters; a bare LF is a fault.
final class ChunkedBody {
  private static final int SIZE_DIGITS_MAX = 15;
  private static final int EXTENSION_BYTES_MAX = 1024;
  private static final int TRAILER_BYTES_MAX = 8 * 1024;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    TRAILER_LF,
    END_LF,
    END
  }

  private State state = State.SIZE;
  private long remaining;
  private int digits;
  private int besides;
  private boolean surplus;
  private @Nullable String fault;

  void reset() {
    state = State.SIZE;
    remaining = 0;
    digits = 0;
    besides = 0;
    surplus = false;
    fault = null;
  }

  /// What is wrong with the coding, or null.
  @Nullable String fault() {
    return fault;
  }

  /// Bytes came behind the end of the answer.
  boolean surplus() {
    return surplus;
  }

  /// Leaves only the data of `in` readable, moved together: whoever reads it writes one buffer on,
  /// not one a chunk.
  ///
  /// @return true when the last chunk and the trailers are complete
  boolean squeeze(ByteBuf in) {
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
    surplus = in.isReadable();
    in.setIndex(start, end);
    return state == State.END;
  }

  private void framing(byte c) {
    switch (state) {
      case SIZE -> size(c);
      case EXTENSION -> {
        if (c == '\r') {
          state = State.SIZE_LF;
        } else {
          beside(c, EXTENSION_BYTES_MAX);
        }
      }
      case SIZE_LF -> {
        if (lf(c)) {
          state = remaining == 0 ? State.TRAILER_START : State.DATA;
          digits = 0;
          besides = 0;
        }
      }
      case DATA_CR -> {
        if (c == '\r') {
          state = State.DATA_LF;
        } else {
          fault = "a chunk of the answer is longer than it says";
        }
      }
      case DATA_LF -> next(c, State.SIZE);
      case TRAILER_START, TRAILER -> trailer(c);
      case TRAILER_LF -> next(c, State.TRAILER_START);
      case END_LF -> next(c, State.END);
      case DATA, END -> throw new IllegalStateException("no framing in " + state);
    }
  }

  private void size(byte c) {
    int digit = Character.digit(c, 16);
    if (digit >= 0 && digits < SIZE_DIGITS_MAX) {
      remaining = remaining << 4 | digit;
      digits++;
    } else if (c == '\r' && digits > 0) {
      state = State.SIZE_LF;
    } else if (c == ';' && digits > 0) {
      state = State.EXTENSION;
    } else {
      fault = "a chunk size of the answer is not a hexadecimal number";
    }
  }

  private void trailer(byte c) {
    if (c == '\r') {
      state = state == State.TRAILER_START ? State.END_LF : State.TRAILER_LF;
    } else {
      state = State.TRAILER;
      beside(c, TRAILER_BYTES_MAX);
    }
  }

  private void beside(byte c, int max) {
    if (!HeaderCharacters.isValue(c) || ++besides > max) {
      fault = "a chunk extension or trailer of the answer is malformed or too long";
    }
  }

  private void next(byte c, State following) {
    if (lf(c)) {
      state = following;
    }
  }

  private boolean lf(byte c) {
    if (c != '\n') {
      fault = "a line of the answer's chunked coding does not end with CR LF";
    }
    return c == '\n';
  }
}
