package dev.gatewright.admission;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// An exchange without a connection: a head to read, an access entry to fill in, an answer kept.
final class StubExchange implements Exchange {
  final AccessEntry access = new AccessEntry();
  final HttpHeaders headers = new DefaultHttpHeaders();
  private final EventLoop loop;
  private final InetAddress client;
  volatile int status;
  String body = "";
  HttpHeaders answerHeaders = new DefaultHttpHeaders();

  StubExchange(EventLoop loop, InetAddress client) {
    this.loop = loop;
    this.client = client;
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public RequestHead request() {
    return new RequestHead(
        "req_1",
        "GET",
        "/status",
        null,
        headers,
        "http",
        "localhost",
        null,
        client,
        0,
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
  public void reply(int status, HttpHeaders headers, ByteBuf body) {
    this.answerHeaders = headers;
    this.body = body.toString(StandardCharsets.UTF_8);
    body.release();
    this.status = status;
  }

  @Override
  public void receive(BodyReceiver receiver, long bytesMax) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void pauseBody() {}

  @Override
  public void resumeBody() {}

  @Override
  public void head(int status, HttpHeaders headers, long bodyLength) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void write(ByteBuf part) {
    part.release();
  }

  @Override
  public void flush() {}

  @Override
  public void finish() {}

  @Override
  public void upgrade(HttpHeaders headers, BodyReceiver receiver) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reset(String reason) {}

  @Override
  public void closeAfter() {}

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void onWritability(Runnable callback) {}

  @Override
  public void onEnded(Consumer<Ended> callback) {}

  @Override
  public boolean headSent() {
    return status != 0;
  }

  @Override
  public boolean ended() {
    return status != 0;
  }
}
