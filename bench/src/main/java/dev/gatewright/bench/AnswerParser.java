package dev.gatewright.bench;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Finds the end of an answer without keeping its body: cheap, because it shares two cores with
/// what is measured. One answer at a time.
final class AnswerParser {
  private enum State {
    LINE,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END
  }

  private final byte[] line = new byte[8192];
  private int lineLength;
  private State state = State.LINE;
  private long left;
  private boolean chunked;
  private boolean started;
  private int status;

  int status() {
    return status;
  }

  /// True from the first body byte on.
  boolean started() {
    return started;
  }

  void reset() {
    state = State.LINE;
    lineLength = 0;
    left = 0;
    chunked = false;
    started = false;
    status = 0;
  }

  /// Consumes what came; true when the answer is complete.
  boolean feed(ByteBuf in) {
    while (in.isReadable()) {
      switch (state) {
        case LINE -> {
          if (readLine(in) && headLine()) {
            return true;
          }
        }
        case LENGTH -> {
          started = true;
          if (skip(in)) {
            return true;
          }
        }
        case CHUNK_SIZE -> {
          if (readLine(in)) {
            left = Long.parseLong(new String(line, 0, lineLength, StandardCharsets.US_ASCII), 16);
            state = left == 0 ? State.CHUNK_END : State.CHUNK;
            chunked = left > 0;
            lineLength = 0;
          }
        }
        case CHUNK -> {
          started = true;
          if (skip(in)) {
            state = State.CHUNK_END;
          }
        }
        case CHUNK_END -> {
          if (readLine(in)) {
            lineLength = 0;
            if (!chunked) {
              return true;
            }
            state = State.CHUNK_SIZE;
          }
        }
      }
    }
    return false;
  }

  private boolean skip(ByteBuf in) {
    int part = (int) Math.min(left, in.readableBytes());
    in.skipBytes(part);
    left -= part;
    return left == 0;
  }

  private boolean readLine(ByteBuf in) {
    while (in.isReadable()) {
      byte b = in.readByte();
      if (b == '\n') {
        return true;
      }
      if (b != '\r') {
        line[lineLength++] = b;
      }
    }
    return false;
  }

  /// @return true for an answer without a body, which is complete with its head
  private boolean headLine() {
    if (lineLength == 0) {
      state = chunked ? State.CHUNK_SIZE : State.LENGTH;
      return !chunked && left == 0;
    }
    if (status == 0) {
      status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + line[11] - '0';
    } else if ((line[0] | 0x20) == 'c' || (line[0] | 0x20) == 't') {
      String text =
          new String(line, 0, lineLength, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
      if (text.startsWith("content-length:")) {
        left = Long.parseLong(text.substring(15).strip());
      }
      chunked |= text.startsWith("transfer-encoding:") && text.endsWith("chunked");
    }
    lineLength = 0;
    return false;
  }
}
