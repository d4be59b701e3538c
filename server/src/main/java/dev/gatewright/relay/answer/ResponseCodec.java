package dev.gatewright.relay.answer;

import dev.gatewright.http1.ChunkFault;
import dev.gatewright.http1.ChunkedBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1 answers off one connection, strictly, and hands the body on without copying it:
/// what one read of the socket brought leaves as one buffer, chunk framing squeezed out in place.
///
/// Interim answers (1xx) are swallowed here and never end an answer: taking the end of a `103` for
/// the end of the exchange hands one caller's answer to the next. Confined to the event loop.
public final class ResponseCodec {
  /// Bytes of status line and headers.
  static final int HEAD_BYTES_MAX = 64 * 1024;

  /// Interim answers before the real one.
  static final int INTERIM_MAX = 16;

  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};
  private static final byte LF = '\n';

  private enum State {
    IDLE,
    HEAD,
    FIXED,
    CHUNKED,
    UNTIL_CLOSE
  }

  private final ResponseSink sink;
  private final ChunkedBody chunks = new ChunkedBody();
  private State state = State.IDLE;
  private boolean headRequest;
  private boolean mayUpgrade;
  private boolean reusable;
  private boolean began;
  private long remaining;
  private int interim;

  /// A head that has not come whole yet, and how far it was searched for its end.
  private @Nullable ByteBuf held;

  private int lineStart;

  public ResponseCodec(ResponseSink sink) {
    this.sink = sink;
  }

  /// The next bytes answer a new request.
  ///
  /// @param asksUpgrade a 101 may answer it
  public void expect(boolean isHeadRequest, boolean asksUpgrade) {
    state = State.HEAD;
    mayUpgrade = asksUpgrade;
    headRequest = isHeadRequest;
    began = false;
    interim = 0;
    lineStart = 0;
  }

  /// A byte of the answer, even of an interim one, has come.
  public boolean began() {
    return began;
  }

  /// Reads what the socket brought; ownership of `in` passes.
  ///
  /// @return what is wrong with the answer, or null
  public @Nullable String read(ByteBuf in) {
    began = true;
    boolean collected = held != null;
    ByteBuf input = joined(in);
    boolean passed = false;
    try {
      while (true) {
        switch (state) {
          case HEAD -> {
            int end = headEnd(input);
            if (end < 0) {
              String fault = unfinished(input, end);
              if (fault == null) {
                held = collected ? input.discardReadBytes() : copy(input);
                passed = collected;
              }
              return fault;
            }
            String fault = head(input, end);
            if (fault != null || state == State.IDLE) {
              return fault;
            }
          }
          case FIXED -> {
            passed = true;
            fixed(input);
            return null;
          }
          case CHUNKED -> {
            passed = true;
            return chunked(input);
          }
          case UNTIL_CLOSE -> {
            passed = true;
            deliver(input);
            return null;
          }
          case IDLE -> {
            return null;
          }
        }
        if (!input.isReadable()) {
          return null;
        }
      }
    } finally {
      if (!passed) {
        input.release();
      }
    }
  }

  /// The connection has closed.
  ///
  /// @return true when that ended an answer delimited by it
  public boolean closed() {
    release();
    if (state == State.UNTIL_CLOSE) {
      state = State.IDLE;
      sink.complete(false);
      return true;
    }
    return false;
  }

  public void release() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  private ByteBuf joined(ByteBuf in) {
    ByteBuf before = held;
    if (before == null) {
      return in;
    }
    held = null;
    before.writeBytes(in);
    in.release();
    return before;
  }

  /// Small and on the heap: a slow head must not keep a buffer of the socket's.
  private static ByteBuf copy(ByteBuf in) {
    return Unpooled.buffer(in.readableBytes() + 512).writeBytes(in);
  }

  /// Where the head ends, -1 while it has not come whole, -2 when a line ends without CR.
  private int headEnd(ByteBuf in) {
    int start = in.readerIndex();
    int from = start + lineStart;
    while (true) {
      int lf = in.indexOf(from, in.writerIndex(), LF);
      if (lf < 0) {
        lineStart = from - start;
        return -1;
      }
      if (lf == from || in.getByte(lf - 1) != '\r') {
        return -2;
      }
      if (lf - 1 == from) {
        lineStart = 0;
        return lf + 1;
      }
      from = lf + 1;
    }
  }

  private @Nullable String unfinished(ByteBuf in, int end) {
    if (end == -2 || !beginsLikeHttp(in)) {
      return "the answer is not HTTP/1.1";
    }
    if (in.readableBytes() > HEAD_BYTES_MAX) {
      return tooLong();
    }
    return null;
  }

  private static boolean beginsLikeHttp(ByteBuf in) {
    int length = Math.min(VERSION.length, in.readableBytes());
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != VERSION[i]) {
        return false;
      }
    }
    return true;
  }

  private static String tooLong() {
    return "the answer's head is longer than %d KiB".formatted(HEAD_BYTES_MAX / 1024);
  }

  private @Nullable String head(ByteBuf in, int end) {
    int length = end - in.readerIndex();
    if (length > HEAD_BYTES_MAX) {
      return tooLong();
    }
    if (!beginsLikeHttp(in)) {
      return "the answer is not HTTP/1.1";
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    ResponseHead head = ResponseHead.parse(bytes);
    if (head.fault() != null) {
      return head.fault();
    }
    if (head.status() < 200) {
      return head.status() == 101 ? upgraded(head) : interim();
    }
    body(head, in);
    return null;
  }

  /// What follows is delimited by the connection alone, like a body without a length.
  private @Nullable String upgraded(ResponseHead head) {
    if (!mayUpgrade || !head.switchesToWebSocket()) {
      return "the answer switches protocols, which was not asked for";
    }
    state = sink.upgraded(head.headers()) ? State.UNTIL_CLOSE : State.IDLE;
    return null;
  }

  private @Nullable String interim() {
    return ++interim > INTERIM_MAX
        ? "the answer has more than %d interim heads".formatted(INTERIM_MAX)
        : null;
  }

  private void body(ResponseHead head, ByteBuf in) {
    reusable = head.keepAlive();
    boolean framed = head.chunked() || head.length() > 0;
    boolean bodiless = head.status() == 204 || head.status() == 304;
    if (headRequest || bodiless || head.length() == 0) {
      // A 204 that announces a body may well send one: whatever follows on this connection is in
      // doubt.
      reusable &= head.status() != 204 || !framed;
      state = State.IDLE;
      // To HEAD the length is what GET would have brought (RFC 9110 §8.6).
      long announced = headRequest && !bodiless ? announced(head) : 0;
      if (sink.head(head.status(), head.headers(), announced)) {
        sink.complete(reusable && !in.isReadable());
      }
      return;
    }
    remaining = head.length();
    state = head.chunked() ? State.CHUNKED : head.length() > 0 ? State.FIXED : State.UNTIL_CLOSE;
    chunks.reset();
    if (!sink.head(head.status(), head.headers(), announced(head))) {
      state = State.IDLE;
    }
  }

  private static long announced(ResponseHead head) {
    return head.chunked() ? -1 : head.length();
  }

  private void fixed(ByteBuf in) {
    boolean surplus = in.readableBytes() > remaining;
    if (surplus) {
      in.writerIndex(in.readerIndex() + (int) remaining);
    }
    remaining -= in.readableBytes();
    boolean last = remaining == 0;
    if (last) {
      state = State.IDLE;
    }
    if (sink.data(in) && last) {
      sink.complete(reusable && !surplus);
    }
  }

  private @Nullable String chunked(ByteBuf in) {
    boolean surplus = chunks.squeeze(in) > 0;
    boolean last = chunks.complete();
    ChunkFault broken = chunks.fault();
    String fault = broken == null ? null : "the answer is not well-formed: " + broken.message();
    if (last || fault != null) {
      state = State.IDLE;
    }
    if (!deliver(in) || fault != null) {
      return fault;
    }
    if (last) {
      sink.complete(reusable && !surplus);
    }
    return null;
  }

  private boolean deliver(ByteBuf in) {
    if (in.isReadable()) {
      return sink.data(in);
    }
    in.release();
    return true;
  }
}
