package dev.gatewright.relay.pool;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Event loops, upstreams and short words for calling them, for one test.
final class RelayBench implements AutoCloseable {
  static final Timeouts PATIENT =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
  static final Timeouts HASTY =
      new Timeouts(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(200));

  final EventLoopGroup loops;
  final EventLoop loop;
  final Upstreams upstreams;

  RelayBench() {
    this(Transport.best(), new Upstreams(Time.system()));
  }

  RelayBench(Transport transport, Upstreams upstreams) {
    this.loops = transport.loops(2, "relay-test");
    this.loop = loops.next();
    this.upstreams = upstreams;
  }

  Upstream open(RawUpstream raw) {
    return open(raw, 64);
  }

  Upstream open(RawUpstream raw, int connectionsMax) {
    return upstreams.open(raw.origin(), DialRules.ALLOW_PRIVATE, connectionsMax);
  }

  static HttpHeaders headers(String... namesAndValues) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  static UpstreamRequest get(String target) {
    return new UpstreamRequest("GET", target, headers(), Unpooled.EMPTY_BUFFER, 0, PATIENT, false);
  }

  static UpstreamRequest get(String target, Timeouts timeouts) {
    return new UpstreamRequest("GET", target, headers(), Unpooled.EMPTY_BUFFER, 0, timeouts, false);
  }

  static UpstreamRequest post(String target, String body) {
    return new UpstreamRequest(
        "POST",
        target,
        headers("content-type", "application/json"),
        bytes(body),
        body.length(),
        PATIENT,
        false);
  }

  static UpstreamRequest streamed(String target, long length, Timeouts timeouts) {
    return new UpstreamRequest(
        "POST", target, headers(), Unpooled.EMPTY_BUFFER, length, timeouts, false);
  }

  static UpstreamRequest fresh(UpstreamRequest request) {
    return new UpstreamRequest(
        request.method(),
        request.target(),
        request.headers(),
        request.body(),
        request.bodyLength(),
        request.timeouts(),
        true);
  }

  UpstreamCall call(Upstream upstream, UpstreamRequest request, UpstreamListener listener)
      throws Exception {
    return on(() -> upstream.call(loop, request, listener));
  }

  /// Calls and waits for the whole answer's body.
  String fetch(Upstream upstream, UpstreamRequest request) throws Exception {
    CallRecorder recorder = new CallRecorder();
    call(upstream, request, recorder);
    return recorder.await();
  }

  UpstreamFailure failure(Upstream upstream, UpstreamRequest request) throws Exception {
    CallRecorder recorder = new CallRecorder();
    call(upstream, request, recorder);
    return recorder.awaitFailure();
  }

  <T> T on(Callable<T> work) throws Exception {
    return loop.submit(work).get(5, TimeUnit.SECONDS);
  }

  void run(Runnable work) throws Exception {
    loop.submit(work).get(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    upstreams.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
