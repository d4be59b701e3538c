package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What a call of the simulator brought. The call's loop writes, a test reads once the end has
/// come.
final class Heard implements UpstreamListener {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final CompletableFuture<Heard> over = new CompletableFuture<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  volatile @Nullable UpstreamCall call;
  volatile long bodyLength;
  volatile int status;
  volatile @Nullable HttpHeaders headers;
  volatile @Nullable UpstreamFailure failure;
  private final AtomicLong bytes = new AtomicLong();
  private final boolean keep;

  private Heard(boolean keep) {
    this.keep = keep;
  }

  static Heard call(
      Simulator simulator, EventLoop loop, String path, byte[] body, String... headers) {
    return call(new Heard(true), simulator, loop, path, body, headers);
  }

  /// Counts the bytes and lets go of them.
  static Heard counting(Simulator simulator, EventLoop loop, String path, String body) {
    return call(new Heard(false), simulator, loop, path, body.getBytes(UTF_8));
  }

  private static Heard call(
      Heard heard,
      Simulator simulator,
      EventLoop loop,
      String path,
      byte[] body,
      String... headers) {
    HttpHeaders sent = new DefaultHttpHeaders();
    for (String header : headers) {
      int colon = header.indexOf(':');
      sent.add(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(body);
    UpstreamRequest request =
        new UpstreamRequest("POST", path, sent, bytes, body.length, Timeouts.DEFAULT, false);
    loop.execute(() -> heard.call = simulator.call(loop, request, heard));
    return heard;
  }

  Heard await() {
    try {
      return over.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no end after " + bytes() + " bytes", e);
    }
  }

  long bytes() {
    return bytes.get();
  }

  boolean isOver() {
    return over.isDone();
  }

  String text() {
    return body.toString(UTF_8);
  }

  JsonNode json() {
    try {
      return MAPPER.readTree(text());
    } catch (IOException e) {
      throw new AssertionError(text(), e);
    }
  }

  /// The data of each event.
  List<JsonNode> events() {
    List<JsonNode> events = new ArrayList<>();
    for (String event : text().split("\n\n", -1)) {
      String data = event.isEmpty() ? "[DONE]" : event.substring(event.indexOf("data: ") + 6);
      if (!data.equals("[DONE]")) {
        try {
          events.add(MAPPER.readTree(data));
        } catch (IOException e) {
          throw new AssertionError(data, e);
        }
      }
    }
    return events;
  }

  @Override
  public void head(int newStatus, HttpHeaders newHeaders, long newBodyLength) {
    status = newStatus;
    headers = newHeaders;
    bodyLength = newBodyLength;
  }

  @Override
  public void data(ByteBuf part) {
    bytes.addAndGet(part.readableBytes());
    if (keep) {
      byte[] copy = new byte[part.readableBytes()];
      part.readBytes(copy);
      body.writeBytes(copy);
    }
    part.release();
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {
    over.complete(this);
  }

  @Override
  public void failed(UpstreamFailure newFailure) {
    failure = newFailure;
    over.complete(this);
  }
}
