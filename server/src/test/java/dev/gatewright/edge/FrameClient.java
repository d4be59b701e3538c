package dev.gatewright.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP/2 frame by frame, as a test wants them: nothing is checked, nothing is answered by itself
/// but what [#answer] takes, for which it gives room.
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int ACK = 1;

  private final RawClient raw;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((_, _) -> true);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private int lastStream = -1;

  /// @param type -1 = the connection ended
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Frame(int type, int flags, int stream, byte[] payload) {
    boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /// Of RST_STREAM and GOAWAY.
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  private FrameClient(RawClient raw) {
    this.raw = raw;
  }

  /// Says hello; its own windows are as the standard has them.
  static FrameClient on(RawClient raw) {
    FrameClient client = new FrameClient(raw);
    raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    return client.send(SETTINGS, 0, 0, new byte[0]);
  }

  RawClient raw() {
    return raw;
  }

  FrameClient send(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    raw.send(frame.array());
    return this;
  }

  /// @return the next stream of a caller
  int nextStream() {
    lastStream += 2;
    return lastStream;
  }

  /// The usual head of a request.
  ///
  /// @param more names and values
  int ask(boolean end, String method, String path, String... more) {
    Http2Headers headers =
        new DefaultHttp2Headers(false)
            .method(method)
            .scheme("http")
            .authority("localhost")
            .path(path);
    for (int i = 0; i < more.length; i += 2) {
      headers.add(latin1(more[i]), latin1(more[i + 1]));
    }
    return ask(end, headers);
  }

  int ask(boolean end, Http2Headers headers) {
    int stream = nextStream();
    send(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, encoded(stream, headers));
    return stream;
  }

  byte[] encoded(int stream, Http2Headers headers) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
      return ByteBufUtil.getBytes(block);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    } finally {
      block.release();
    }
  }

  FrameClient data(int stream, boolean end, byte[] bytes) {
    return send(DATA, end ? END_STREAM : 0, stream, bytes);
  }

  FrameClient reset(int stream) {
    return send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
  }

  FrameClient room(int stream, int bytes) {
    return send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  FrameClient settings(int id, int value) {
    return send(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) id).putInt(value).array());
  }

  Frame next() {
    int first = raw.readByte();
    if (first < 0) {
      return new Frame(-1, 0, 0, new byte[0]);
    }
    ByteBuffer head = ByteBuffer.wrap(raw.read(8));
    int length = first << 16 | Short.toUnsignedInt(head.getShort());
    int type = head.get();
    int flags = head.get();
    return new Frame(type, flags, head.getInt(), raw.read(length));
  }

  /// The next frame of one of these types, or the end of the connection.
  Frame next(int... types) {
    while (true) {
      Frame frame = next();
      for (int type : types) {
        if (frame.type() == type || frame.type() < 0) {
          return frame;
        }
      }
    }
  }

  /// The head of the stream's answer.
  Answer head(int stream) {
    Frame frame = next(HEADERS, RST_STREAM, GOAWAY);
    while (frame.type() == HEADERS && frame.stream() != stream) {
      frame = next(HEADERS, RST_STREAM, GOAWAY);
    }
    if (frame.type() != HEADERS) {
      throw new IllegalStateException("no answer, but a frame of type " + frame.type());
    }
    return decoded(frame);
  }

  /// Answers come one after the other.
  Answer answer(int stream) {
    Answer answer = null;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = next(HEADERS, DATA, RST_STREAM, GOAWAY);
      if (frame.type() == GOAWAY && frame.error() == 0) {
        continue;
      }
      if (frame.type() != HEADERS && frame.type() != DATA) {
        throw new IllegalStateException(
            "no whole answer, but type %d, error %s"
                .formatted(frame.type(), frame.type() < 0 ? "-" : frame.error()));
      }
      if (frame.stream() == stream && frame.type() == HEADERS) {
        answer = decoded(frame);
      } else if (frame.stream() == stream) {
        body.writeBytes(frame.payload());
      }
      if (frame.type() == DATA && frame.payload().length > 0) {
        room(0, frame.payload().length);
        room(frame.stream(), frame.payload().length);
      }
      if (frame.stream() == stream && frame.endsStream() && answer != null) {
        return answer.withBody(body.toByteArray());
      }
    }
  }

  private Answer decoded(Frame frame) {
    try {
      Http2Headers headers =
          decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
      Map<String, String> fields = new LinkedHashMap<>();
      for (Map.Entry<CharSequence, CharSequence> field : headers) {
        fields.put(field.getKey().toString(), field.getValue().toString());
      }
      return new Answer(Integer.parseInt(fields.get(":status")), fields, "");
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// Reads on until the caller of the other side has ended the connection.
  @Nullable Frame goAwayAtTheEnd() {
    Frame last = null;
    for (Frame frame = next(); frame.type() >= 0; frame = next()) {
      last = frame.type() == GOAWAY ? frame : last;
    }
    return last;
  }

  static AsciiString latin1(String text) {
    return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  @Override
  public void close() {
    raw.close();
  }
}
