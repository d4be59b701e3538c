package dev.gatewright.edge;

import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.edge.tls.ProtocolConfig;
import dev.gatewright.edge.tls.TlsConfig;
import dev.gatewright.testbed.TestCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An edge that speaks one protocol, with handlers that let a test see and do what it wants.
final class ProtocolWorld implements AutoCloseable {
  enum Spoken {
    H1,
    H1_TLS,
    H2_TLS,
    H2C
  }

  /// Short enough to wait for, long enough for a handshake on a busy machine.
  private static final EdgeLimits LIMITS =
      new EdgeLimits(
          8 << 10,
          1 << 20,
          4 << 20,
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          200,
          Duration.ofSeconds(1),
          Duration.ofSeconds(2));

  private final Spoken spoken;
  private final Edge edge;
  final List<Exchange> open = new CopyOnWriteArrayList<>();
  final List<Exchange.Ended> ended = new CopyOnWriteArrayList<>();
  final ConcurrentHashMap<String, Integer> bytesIn = new ConcurrentHashMap<>();

  ProtocolWorld(Spoken spoken, Path folder) {
    this(spoken, folder, AccessLog.none());
  }

  ProtocolWorld(Spoken spoken, Path folder, AccessLog log) {
    this.spoken = spoken;
    TestCertificate.SHARED.write(folder);
    RouteTable routes =
        RouteTable.builder()
            .any("/echo", TestHandlers::echo)
            .any("/small", exchange -> TestHandlers.gather(exchange, 1000))
            .any("/empty", exchange -> exchange.reply(204, headers(), Unpooled.EMPTY_BUFFER))
            .any("/open", this::keepOpen)
            .any("/upload", this::upload)
            .any("/headers", ProtocolWorld::tell)
            .build();
    boolean tls = spoken == Spoken.H1_TLS || spoken == Spoken.H2_TLS;
    TlsConfig files = new TlsConfig(folder.resolve("server.crt"), folder.resolve("server.key"));
    edge =
        Edge.start(
            routes,
            Transport.best(),
            config ->
                config
                    .withLimits(LIMITS)
                    .withProtocols(
                        new ProtocolConfig(tls ? files : null, true, spoken == Spoken.H2C)),
            log);
  }

  static HttpHeaders headers() {
    return EdgeReply.newHeaders();
  }

  private static void tell(Exchange exchange) {
    StringBuilder all = new StringBuilder();
    exchange
        .request()
        .headers()
        .forEach(
            each -> all.append(each.getKey()).append('=').append(each.getValue()).append('\n'));
    TestHandlers.text(exchange, 200, all.toString());
  }

  private void keepOpen(Exchange exchange) {
    exchange.onEnded(ended::add);
    exchange.head(200, headers(), -1);
    exchange.flush();
    open.add(exchange);
  }

  /// Takes what comes, says how much in all, and stops when told so by `x-pause`.
  private void upload(Exchange exchange) {
    open.add(exchange);
    exchange.onEnded(ended::add);
    boolean pauses = exchange.request().headers().contains("x-pause");
    exchange.receive(
        new BodyReceiver() {
          private int bytes;

          @Override
          public void data(ByteBuf part) {
            bytes += part.readableBytes();
            part.release();
            bytesIn.put("upload", bytes);
            if (pauses) {
              exchange.pauseBody();
            }
          }

          @Override
          public void end() {
            TestHandlers.text(exchange, 200, bytes + " bytes");
          }

          @Override
          public void refused(Refusal refusal) {
            EdgeReply.refuse(exchange, refusal);
          }
        },
        1 << 20);
  }

  Edge edge() {
    return edge;
  }

  Spoken spoken() {
    return spoken;
  }

  boolean http2() {
    return spoken == Spoken.H2C || spoken == Spoken.H2_TLS;
  }

  RawClient raw() {
    return switch (spoken) {
      case H1, H2C -> edge.connect();
      case H1_TLS ->
          RawClient.secure(edge.server().port(), TestCertificate.SHARED.trusting(), "http/1.1");
      case H2_TLS ->
          RawClient.secure(edge.server().port(), TestCertificate.SHARED.trusting(), "h2");
    };
  }

  /// One connection and one request at a time, whatever the protocol.
  Caller caller() {
    return http2() ? new Http2Caller(FrameClient.on(raw())) : new Http1Caller(raw());
  }

  /// Runs on the exchange's loop and waits for it.
  static void on(Exchange exchange, Consumer<Exchange> action) {
    exchange.eventLoop().submit(() -> action.accept(exchange)).syncUninterruptibly();
  }

  @Override
  public void close() {
    edge.close();
  }

  /// What a caller does, whatever the protocol.
  interface Caller extends AutoCloseable {
    /// @param length of the body to come; 0 = none, -1 = not said
    void ask(String method, String path, long length, String... more);

    void body(byte[] bytes, boolean end);

    Answer answer();

    int head();

    /// The next bytes of a streamed answer; null where it is seen to be broken.
    byte @Nullable [] next();

    void leave();

    @Override
    void close();
  }

  private static final class Http1Caller implements Caller {
    private final RawClient raw;
    private boolean chunked;
    private boolean toHead;

    Http1Caller(RawClient raw) {
      this.raw = raw;
    }

    @Override
    public void ask(String method, String path, long length, String... more) {
      StringBuilder head =
          new StringBuilder("%s %s HTTP/1.1\r\nHost: localhost\r\n".formatted(method, path));
      for (int i = 0; i < more.length; i += 2) {
        head.append(more[i]).append(": ").append(more[i + 1]).append("\r\n");
      }
      chunked = length < 0;
      toHead = method.equals("HEAD");
      if (length != 0) {
        head.append(
            chunked ? "transfer-encoding: chunked\r\n" : "content-length: " + length + "\r\n");
      }
      raw.send(head.append("\r\n").toString());
    }

    @Override
    public void body(byte[] bytes, boolean end) {
      if (!chunked) {
        raw.send(bytes);
        return;
      }
      raw.send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
      if (end) {
        raw.send("0\r\n\r\n");
      }
    }

    @Override
    public Answer answer() {
      return raw.answer(toHead);
    }

    @Override
    public int head() {
      return Answer.of(raw.readHead()).status();
    }

    @Override
    public byte @Nullable [] next() {
      StringBuilder line = new StringBuilder();
      while (line.indexOf("\r\n") < 0) {
        int octet = raw.readByte();
        if (octet < 0) {
          return null;
        }
        line.append((char) octet);
      }
      byte[] chunk = raw.read(Integer.parseInt(line.toString().strip(), 16));
      raw.read(2);
      return chunk;
    }

    @Override
    public void leave() {
      raw.close();
    }

    @Override
    public void close() {
      raw.close();
    }
  }

  private static final class Http2Caller implements Caller {
    private final FrameClient frames;
    private int stream;

    Http2Caller(FrameClient frames) {
      this.frames = frames;
    }

    @Override
    public void ask(String method, String path, long length, String... more) {
      String[] all = Arrays.copyOf(more, more.length + (length > 0 ? 2 : 0));
      if (length > 0) {
        all[more.length] = "content-length";
        all[more.length + 1] = Long.toString(length);
      }
      stream = frames.ask(length == 0, method, path, all);
    }

    /// Without a look at windows: what a test sends fits, or is meant not to.
    @Override
    public void body(byte[] bytes, boolean end) {
      int most = 16 << 10;
      for (int at = 0; at < bytes.length || at == 0; at += most) {
        int to = Math.min(bytes.length, at + most);
        frames.data(stream, end && to == bytes.length, Arrays.copyOfRange(bytes, at, to));
      }
    }

    @Override
    public Answer answer() {
      return frames.answer(stream);
    }

    @Override
    public int head() {
      return frames.head(stream).status();
    }

    @Override
    public byte @Nullable [] next() {
      FrameClient.Frame frame = frames.next(FrameClient.DATA, FrameClient.RST_STREAM);
      return frame.type() == FrameClient.DATA ? frame.payload() : null;
    }

    @Override
    public void leave() {
      frames.reset(stream);
    }

    @Override
    public void close() {
      frames.close();
    }
  }

  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "broken" : new String(bytes, StandardCharsets.US_ASCII);
  }
}
