package dev.gatewright.relay.fetch;

import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.fetch.Fetch.Fetched;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Gathers one answer for a thread that waits. Confined to the call's event loop; only the result
/// crosses.
final class FetchListener implements UpstreamListener {
  private final CompletableFuture<Fetched> result;
  private final int bodyBytesMax;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, String> headers = new HashMap<>();
  private @Nullable UpstreamCall call;
  private int status;
  private boolean cancelled;

  FetchListener(CompletableFuture<Fetched> result, int bodyBytesMax) {
    this.result = result;
    this.bodyBytesMax = bodyBytesMax;
  }

  void begin(Upstream upstream, EventLoop loop, Fetch.Request request, boolean fresh) {
    if (cancelled) {
      return;
    }
    HttpHeaders outward = new DefaultHttpHeaders().set("accept-encoding", "identity");
    request.headers().forEach((name, value) -> outward.set(name, value.expose()));
    ByteBuf sent =
        request.body() == null
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.copiedBuffer(request.body(), StandardCharsets.UTF_8);
    call =
        upstream.call(
            loop,
            new UpstreamRequest(
                request.method(),
                request.target(),
                outward,
                sent,
                sent.readableBytes(),
                request.timeouts(),
                fresh),
            this);
    if (cancelled) {
      call.cancel();
    }
  }

  /// Nobody waits any longer.
  void cancel() {
    cancelled = true;
    if (call != null) {
      call.cancel();
    }
  }

  @Override
  public void head(int newStatus, HttpHeaders newHeaders, long bodyLength) {
    status = newStatus;
    newHeaders.forEach(
        entry -> headers.putIfAbsent(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    if (bodyLength > bodyBytesMax) {
      tooLong();
    }
  }

  @Override
  public void data(ByteBuf part) {
    try {
      if (cancelled) {
        return;
      }
      if (body.size() + part.readableBytes() > bodyBytesMax) {
        tooLong();
      } else {
        body.writeBytes(ByteBufUtil.getBytes(part));
      }
    } finally {
      part.release();
    }
  }

  private void tooLong() {
    cancel();
    result.complete(
        Fetch.failed(
            false, "the answer is too long (expected: at most %d bytes)".formatted(bodyBytesMax)));
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {
    result.complete(new Fetched.Answer(status, headers, body.toString(StandardCharsets.UTF_8)));
  }

  @Override
  public void failed(UpstreamFailure failure) {
    result.complete(new Fetched.Failed(failure));
  }
}
