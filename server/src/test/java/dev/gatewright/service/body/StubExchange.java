package dev.gatewright.service.body;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An exchange without a connection, whose body a test hands in and whose answer it reads.
public final class StubExchange implements Exchange {
  public final AccessEntry access = new AccessEntry();
  public final HttpHeaders headers = new DefaultHttpHeaders();
  private final EventLoop loop;
  private final String path;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  public volatile @Nullable BodyReceiver receiver;
  public volatile long bytesMax;
  public volatile boolean paused;
  public volatile int status;
  public volatile long length = -1;
  public volatile @Nullable Consumer<Ended> onEnded;
  public volatile @Nullable String reset;
  public volatile boolean ended;
  public volatile HttpHeaders answerHeaders = new DefaultHttpHeaders();

  public StubExchange(EventLoop loop, String path) {
    this.loop = loop;
    this.path = path;
  }

  public String answer() {
    return answer.toString(StandardCharsets.UTF_8);
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public RequestHead request() {
    return new RequestHead(
        "req_1",
        "POST",
        path,
        null,
        headers,
        "http",
        "localhost",
        null,
        InetAddress.getLoopbackAddress(),
        length,
        0,
        0,
        false,
        false);
  }

  @Override
  public AccessEntry access() {
    return access;
  }

  @Override
  public void receive(BodyReceiver to, long max) {
    bytesMax = max;
    receiver = to;
  }

  @Override
  public void pauseBody() {
    paused = true;
  }

  @Override
  public void resumeBody() {
    paused = false;
  }

  @Override
  public void head(int newStatus, HttpHeaders newHeaders, long bodyLength) {
    status = newStatus;
    answerHeaders = newHeaders;
  }

  @Override
  public void write(ByteBuf part) {
    byte[] bytes = new byte[part.readableBytes()];
    part.readBytes(bytes);
    part.release();
    answer.writeBytes(bytes);
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {
    ended = true;
  }

  @Override
  public void reply(int newStatus, HttpHeaders newHeaders, ByteBuf body) {
    head(newStatus, newHeaders, body.readableBytes());
    write(body);
    ended = true;
  }

  @Override
  public void upgrade(HttpHeaders newHeaders, BodyReceiver to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reset(String reason) {
    reset = reason;
    ended = true;
  }

  @Override
  public void closeAfter() {}

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void onWritability(Runnable callback) {}

  @Override
  public void onEnded(Consumer<Ended> callback) {
    onEnded = callback;
  }

  @Override
  public boolean headSent() {
    return status != 0;
  }

  @Override
  public boolean ended() {
    return ended;
  }
}
