package dev.gatewright.relay.pool;

import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Hears a call and lets a test wait for what it heard.
class CallRecorder implements UpstreamListener {
  final CompletableFuture<Integer> status = new CompletableFuture<>();
  final CompletableFuture<UpstreamFailure> failure = new CompletableFuture<>();
  final CompletableFuture<String> whole = new CompletableFuture<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicLong bytes = new AtomicLong();
  final Semaphore parts = new Semaphore(0);
  final Semaphore writable = new Semaphore(0);
  final StringBuilder body = new StringBuilder();
  volatile HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
  volatile long bodyLength;
  boolean keepsBody = true;

  @Override
  public void head(int code, HttpHeaders answerHeaders, long length) {
    events.add("head");
    headers = answerHeaders;
    bodyLength = length;
    status.complete(code);
  }

  @Override
  public void data(ByteBuf part) {
    bytes.addAndGet(part.readableBytes());
    if (keepsBody) {
      events.add("data");
      body.append(part.toString(StandardCharsets.ISO_8859_1));
    }
    part.release();
    parts.release();
  }

  @Override
  public void readComplete() {
    if (keepsBody) {
      events.add("readComplete");
    }
  }

  @Override
  public void end() {
    events.add("end");
    whole.complete(body.toString());
  }

  @Override
  public void failed(UpstreamFailure reason) {
    events.add("failed");
    failure.complete(reason);
    whole.completeExceptionally(new AssertionError(reason.toString()));
    status.completeExceptionally(new AssertionError(reason.toString()));
  }

  @Override
  public void writable() {
    writable.release();
  }

  String await() throws Exception {
    return whole.get(5, TimeUnit.SECONDS);
  }

  UpstreamFailure awaitFailure() throws Exception {
    return failure.get(5, TimeUnit.SECONDS);
  }

  int awaitStatus() throws Exception {
    return status.get(5, TimeUnit.SECONDS);
  }

  void awaitWritable() throws InterruptedException {
    if (!writable.tryAcquire(5, TimeUnit.SECONDS)) {
      throw new AssertionError("not writable within 5 s");
    }
  }

  void awaitPart() throws InterruptedException {
    if (!parts.tryAcquire(5, TimeUnit.SECONDS)) {
      throw new AssertionError("no part of the body within 5 s");
    }
  }
}
