package dev.gatewright.edge;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The chunked transfer coding, of which this server takes the strict core: sizes of one to eight
/// hex digits, no extensions, CR LF everywhere, trailers checked and dropped.
///
/// What one read brought comes out as one part: a body cut into one-byte chunks would otherwise
/// cost a hundred times its length in buffer objects.
final class ChunkedBody implements BodyDecoder {
  private static final int SIZE_DIGITS_MAX = 8;
  private static final int TRAILER_BYTES_MAX = 8 << 10;

  private enum State {
    SIZE,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER,
    DONE
  }

  private State state = State.SIZE;
  private int digits;
  private long size;
  private byte[] trailer = {};
  private int trailerLine;
  private int trailerBytes;
  private @Nullable Rejection rejection;

  @Override
  public @Nullable ByteBuf decode(ByteBuf in) {
    ByteBuf part = null;
    while (in.isReadable() && state != State.DONE && rejection == null) {
      if (state == State.DATA) {
        part = data(in, part);
      } else {
        rejection = frame(in.readByte());
      }
    }
    if (rejection != null && part != null) {
      part.release();
      return null;
    }
    return part;
  }

  private ByteBuf data(ByteBuf in, @Nullable ByteBuf part) {
    int take = (int) Math.min(size, in.readableBytes());
    size -= take;
    if (size == 0) {
      state = State.DATA_CR;
    }
    if (part == null && take >= in.readableBytes() / 2) {
      // Most of what was read is this one chunk, as with every ordinary client.
      return in.readRetainedSlice(take);
    }
    ByteBuf whole = part;
    if (whole == null || whole.maxWritableBytes() < take) {
      whole = in.alloc().buffer((part == null ? 0 : part.readableBytes()) + in.readableBytes());
      if (part != null) {
        whole.writeBytes(part);
        part.release();
      }
    }
    return whole.writeBytes(in, take);
  }

  private @Nullable Rejection frame(byte octet) {
    return switch (state) {
      case SIZE -> size(octet);
      case SIZE_LF -> {
        state = size > 0 ? State.DATA : State.TRAILER;
        digits = 0;
        yield octet == '\n' ? null : Rejection.CHUNK_SIZE;
      }
      case DATA_CR -> {
        state = State.DATA_LF;
        yield octet == '\r' ? null : Rejection.CHUNK_END;
      }
      case DATA_LF -> {
        state = State.SIZE;
        yield octet == '\n' ? null : Rejection.CHUNK_END;
      }
      case TRAILER -> trailer(octet);
      case DATA, DONE -> throw new IllegalStateException(state.toString());
    };
  }

  private @Nullable Rejection size(byte octet) {
    if (octet == '\r' && digits > 0) {
      state = State.SIZE_LF;
      return null;
    }
    int digit = octet < 0 ? -1 : Character.digit(octet, 16);
    if (digit < 0 || ++digits > SIZE_DIGITS_MAX) {
      return octet == '\n' && digits > 0 ? Rejection.BARE_LF : Rejection.CHUNK_SIZE;
    }
    size = size << 4 | digit;
    return null;
  }

  private @Nullable Rejection trailer(byte octet) {
    if (++trailerBytes > TRAILER_BYTES_MAX) {
      return Rejection.TRAILERS_TOO_LARGE;
    }
    if (octet != '\n') {
      if (trailerLine == trailer.length) {
        trailer = Arrays.copyOf(trailer, Math.max(64, trailer.length * 2));
      }
      trailer[trailerLine++] = octet;
      return null;
    }
    if (trailerLine == 0 || trailer[trailerLine - 1] != '\r') {
      return Rejection.BARE_LF;
    }
    int length = trailerLine - 1;
    trailerLine = 0;
    if (length == 0) {
      state = State.DONE;
      return null;
    }
    return HeaderParser.field(trailer, 0, length) == null ? null : Rejection.TRAILER;
  }

  @Override
  public boolean complete() {
    return state == State.DONE;
  }

  @Override
  public @Nullable Rejection rejection() {
    return rejection;
  }

  @Override
  public long remaining() {
    return state == State.DONE ? 0 : Long.MAX_VALUE;
  }
}
