package dev.gatewright.edge.http2;

import dev.gatewright.edge.EdgeLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Frames of HTTP/2 (RFC 9113) in and out: Netty's, with the limits of this edge. Confined to its
/// loop.
///
/// What a stream may send before anybody takes it is [#STREAM_WINDOW]; the connection's own window
/// is always given back at once, so that one upload that waits holds up no other.
final class Http2Codec extends Http2ConnectionHandler {
  /// Streams a caller may have open at once.
  static final int STREAMS_MAX = 128;

  /// Bytes of a body that may come before it is wanted.
  static final int STREAM_WINDOW = 64 << 10;

  /// And while it is.
  static final int WANTED_WINDOW = 256 << 10;

  private static final int CONNECTION_WINDOW = 1 << 20;
  private static final int DEFAULT_WINDOW = 65_535;

  /// More resets than these within 30 s, by the caller (CVE-2023-44487) or provoked by it
  /// (CVE-2025-8671), end the connection. Streams beyond those allowed are answered by resets.
  private static final int RESETS_MAX = 200;

  private static final int RESETS_SECONDS = 30;
  private static final float REFILL_RATIO = 0.5f;

  private final Consumer<Http2Error> onBroken;
  private boolean reading;
  private @Nullable ChannelHandlerContext context;

  private Http2Codec(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Consumer<Http2Error> onBroken) {
    // Closing is the session's: it says GOAWAY itself.
    super(decoder, encoder, settings, true);
    this.onBroken = onBroken;
  }

  /// @param onBroken the caller broke the protocol: the connection is to end with this error
  static Http2Codec of(
      EdgeLimits limits, Http2FrameListener listener, Consumer<Http2Error> onBroken) {
    return new Builder(limits, listener, onBroken).build();
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Codec, Builder> {
    private final Consumer<Http2Error> onBroken;

    Builder(EdgeLimits limits, Http2FrameListener listener, Consumer<Http2Error> onBroken) {
      this.onBroken = onBroken;
      DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
      connection
          .local()
          .flowController(new DefaultHttp2LocalFlowController(connection, REFILL_RATIO, true));
      connection(connection);
      frameListener(listener);
      initialSettings(
          new Http2Settings()
              .maxConcurrentStreams(STREAMS_MAX)
              .initialWindowSize(STREAM_WINDOW)
              .maxHeaderListSize(limits.headerBytes()));
      validateHeaders(true);
      validateRequiredPseudoHeaders(true);
      decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
      encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
      // What is new in each answer only pushes better entries out of the compression's table.
      headerSensitivityDetector((name, _) -> isRequestId(name));
    }

    private static boolean isRequestId(CharSequence name) {
      return name.length() == 12 && AsciiString.contentEquals(name, "x-request-id");
    }

    @Override
    protected Http2Codec build() {
      return super.build();
    }

    @Override
    protected Http2Codec build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Codec(decoder, encoder, settings, onBroken);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    super.handlerAdded(added);
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - DEFAULT_WINDOW);
  }

  ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("the codec is in no pipeline yet");
    }
    return added;
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) throws Exception {
    reading = true;
    super.channelRead(from, message);
  }

  /// Flushes, too.
  @Override
  public void channelReadComplete(ChannelHandlerContext from) throws Exception {
    reading = false;
    super.channelReadComplete(from);
  }

  /// What is written now is flushed when the read under way is through.
  boolean reading() {
    return reading;
  }

  /// Bytes of a frame that is not complete.
  int incompleteBytes() {
    return actualReadableBytes();
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext from,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception broken) {
    onBroken.accept(broken == null ? Http2Error.INTERNAL_ERROR : broken.error());
  }

  void flush() {
    flush(context());
  }

  void reset(int stream, Http2Error error) {
    resetStream(context(), stream, error.code(), context().newPromise());
  }

  /// Tells the caller which of its streams were looked at, and why this is the end.
  void lastWord(Http2Error error) {
    goAway(
        context(),
        connection().remote().lastStreamCreated(),
        error.code(),
        Unpooled.EMPTY_BUFFER,
        context().newPromise());
    flush();
  }

  /// Tells the caller to open no more streams here. Those it has opened meanwhile are served.
  void goAway(Http2Error error) {
    goAway(
        context(), Integer.MAX_VALUE, error.code(), Unpooled.EMPTY_BUFFER, context().newPromise());
  }
}
