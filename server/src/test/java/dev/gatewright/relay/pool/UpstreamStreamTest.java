package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.PATIENT;
import static dev.gatewright.relay.pool.RelayBench.bytes;
import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.headers;
import static dev.gatewright.relay.pool.RelayBench.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bodies in both directions: order, splits, back-pressure.
class UpstreamStreamTest {
  private final RelayBench bench = new RelayBench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void streamed_body_of_unknown_length_is_chunked() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      CallRecorder recorder = new CallRecorder();
      UpstreamRequest request =
          new UpstreamRequest("POST", "/", headers(), bytes("first,"), -1, PATIENT, false);
      UpstreamCall call = bench.call(bench.open(raw), request, recorder);
      bench.run(() -> {
        call.write(bytes("second,"));
        call.write(bytes(""));
        call.write(bytes("third"));
        call.endBody();
        call.endBody();
      });
      assertThat(recorder.await())
          .contains("transfer-encoding: chunked\r\n")
          .doesNotContain("content-length")
          .endsWith("\r\n\r\n6\r\nfirst,\r\n7\r\nsecond,\r\n5\r\nthird\r\n0\r\n\r\n");
    }
  }

  @Test
  void rest_of_an_announced_body_may_be_streamed() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      CallRecorder recorder = new CallRecorder();
      UpstreamRequest request =
          new UpstreamRequest("POST", "/", headers(), bytes("first,"), 12, PATIENT, false);
      UpstreamCall call = bench.call(bench.open(raw), request, recorder);
      bench.run(() -> {
        call.write(bytes("second"));
        call.endBody();
      });
      assertThat(recorder.await())
          .contains("content-length: 12\r\n")
          .endsWith("\r\n\r\nfirst,second");
    }
  }

  @Test
  void slow_upstream_makes_the_request_unwritable_and_then_writable_again() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      long whole = 32L << 20;
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", whole, PATIENT), recorder);
      RawPeer peer = raw.peer();
      AtomicLong written = new AtomicLong();
      bench.run(() -> writeWhileWritable(call, written, whole));
      assertThat(written).hasValueLessThan(whole);
      CompletableFuture<Void> read =
          CompletableFuture.runAsync(() -> {
            try {
              peer.until("\r\n\r\n");
              peer.skip(whole);
              peer.answer("all");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      while (written.get() < whole) {
        recorder.awaitWritable();
        bench.run(() -> writeWhileWritable(call, written, whole));
      }
      bench.run(call::endBody);
      assertThat(recorder.await()).isEqualTo("all");
      read.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_writer_who_never_rests_is_stopped() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call = bench.call(bench.open(raw), streamed("/", 64L << 20, PATIENT), recorder);
      bench.run(() -> {
        for (int i = 0; i < 1024; i++) {
          call.write(bytes("x".repeat(64 * 1024)));
        }
      });
      assertThat(recorder.awaitFailure().phase()).isEqualTo(UpstreamFailure.Phase.SEND);
    }
  }

  private static void writeWhileWritable(UpstreamCall call, AtomicLong written, long whole) {
    while (written.get() < whole && call.isWritable()) {
      int length = (int) Math.min(16 * 1024, whole - written.get());
      call.write(bytes("x".repeat(length)));
      written.addAndGet(length);
    }
  }

  @Test
  void paused_reader_bounds_what_is_read() throws Exception {
    try (RawUpstream raw = RawUpstream.played()) {
      AtomicLong received = new AtomicLong();
      CompletableFuture<UpstreamCall> handle = new CompletableFuture<>();
      CallRecorder recorder =
          new CallRecorder() {
            @Override
            public void data(ByteBuf part) {
              assertThat(part.readableBytes()).isLessThanOrEqualTo(64 * 1024);
              received.addAndGet(part.readableBytes());
              super.data(part);
              handle.join().pauseReading();
            }
          };
      recorder.keepsBody = false;
      handle.complete(bench.call(bench.open(raw), get("/"), recorder));
      RawPeer peer = raw.peer();
      peer.request();
      long whole = 16L << 20;
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> {
            try {
              peer.send("HTTP/1.1 200 OK\r\ncontent-length: " + whole + "\r\n\r\n");
              peer.send(new byte[(int) whole]);
              peer.socket.shutdownOutput();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      long parts = 0;
      while (received.get() < whole) {
        recorder.awaitPart();
        parts++;
        // One read a resume: nothing comes while paused, whatever the upstream does.
        assertThat(received.get()).isLessThanOrEqualTo(parts * 64 * 1024);
        bench.run(() -> handle.join().resumeReading());
      }
      recorder.await();
      sent.get(5, TimeUnit.SECONDS);
    }
  }
}
