package dev.gatewright.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.admission.LiveCalls;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.key.ApiKey;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.RecordedAttempts;
import dev.gatewright.testbed.TestStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever breaks within a call, what was taken for it is given back once, its row is closed once,
/// and the other side hears of it.
class CallEndsTest {
  /// Where something throws; `NOWHERE` and those before it end well or by the caller.
  enum Where {
    NOWHERE,
    BEGIN,
    NEXT,
    OPENING,
    REQUEST,
    HEAD,
    DATA,
    END,
    VERDICT,
    LEAVING,
    /// The answer has begun, and does not end.
    AFTER_THE_HEAD
  }

  @ParameterizedTest
  @EnumSource
  void everything_is_given_back_once(Where where) throws Exception {
    Time time = Time.system();
    AtomicInteger live = new AtomicInteger();
    AtomicInteger left = new AtomicInteger();
    LiveCalls calls =
        (_, _, _) -> {
          live.incrementAndGet();
          return left::incrementAndGet;
        };
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE);
        Ledger ledger = Ledger.start(store.database(), time)) {
      RecordedAttempts attempts = new RecordedAttempts(ledger.attempts());
      Outward outward = new Outward(calls, attempts, time);
      Broken plan = new Broken(where);
      RouteTable routes =
          RouteTable.builder()
              .any(
                  "/it",
                  exchange -> {
                    plan.exchange = exchange;
                    new Call(outward, exchange, caller(), plan, plan).start();
                  })
              .build();
      try (EdgeServer edge =
          EdgeServer.start(EdgeConfig.loopback(), time, routes, AccessLog.none())) {
        ask(
            edge.port(),
            where == Where.LEAVING,
            () -> {
              if (where == Where.AFTER_THE_HEAD) {
                Await.until(() -> plan.released);
                assertThat(plan.overs).as("it goes on without its body").hasValue(0);
              }
            });
        Await.until(() -> plan.overs.get() > 0);
      }
      assertThat(plan.overs).as("the plan is over").hasValue(1);
      assertThat(plan.released).as("the body is released").isTrue();
      assertThat(left).as("the live place is left").hasValue(live.get());
      boolean opened = !EnumSet.of(Where.BEGIN, Where.OPENING).contains(where);
      assertThat(attempts.count()).isEqualTo(opened ? 1 : 0);
      if (opened) {
        End expected =
            where == Where.NOWHERE || where == Where.VERDICT
                ? End.COMPLETED
                : where == Where.LEAVING || where == Where.AFTER_THE_HEAD
                    ? End.CANCELLED
                    : where == Where.NEXT ? End.FAILED : End.INTERRUPTED;
        assertThat(attempts.last().end()).isEqualTo(expected);
      }
      if (Set.of(Where.HEAD, Where.DATA, Where.LEAVING).contains(where)) {
        assertThat(plan.cancelled).as("the upstream is cancelled").isTrue();
      }
    }
  }

  private static void ask(int port, boolean leave, Runnable meanwhile) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET /it HTTP/1.1\r\nhost: gate\r\n\r\n".getBytes(UTF_8));
      if (!leave) {
        int _ = socket.getInputStream().read();
      }
      meanwhile.run();
    }
  }

  private static Caller caller() {
    return KeyCaller.of(
        new ApiKey(
            "key_1",
            new Tenant("org_1", "prj_1"),
            ApiKey.Kind.LIVE,
            "test",
            true,
            "local",
            0,
            0,
            null,
            null,
            List.of()));
  }

  /// Plan, leg, upstream, sink and body in one, which throws where it is told to.
  private static final class Broken implements Plan, Leg, Upstream, Sink, Body, UpstreamCall {
    private final Where where;
    private final AtomicInteger overs = new AtomicInteger();
    private volatile boolean released;
    private volatile boolean cancelled;
    private volatile @Nullable Exchange exchange;

    Broken(Where where) {
      this.where = where;
    }

    private void at(Where here) {
      if (where == here) {
        throw new IllegalStateException("a bug at " + here);
      }
    }

    private Exchange asked() {
      return java.util.Objects.requireNonNull(exchange);
    }

    @Override
    public Step begin(Call call) {
      at(Where.BEGIN);
      return new Step.Go(this);
    }

    @Override
    public Step next(Leg leg, Verdict verdict) {
      at(Where.NEXT);
      return new Step.Refuse(Refusal.upstream("no"));
    }

    @Override
    public void refuse(Refusal refusal) {
      EdgeReply.refuse(asked(), refusal);
    }

    @Override
    public void over() {
      overs.incrementAndGet();
    }

    @Override
    public Upstream upstream() {
      return this;
    }

    @Override
    public Opening opening(int ordinal) {
      at(Where.OPENING);
      return new Opening(
          "req_1",
          ordinal,
          true,
          true,
          new Tenant("org_1", "prj_1"),
          "key_1",
          "m",
          "p/m",
          "p",
          "/it",
          false,
          false,
          1,
          0);
    }

    @Override
    public UpstreamRequest request(@Nullable ByteBuf whole) {
      at(Where.REQUEST);
      return new UpstreamRequest(
          "GET", "/", EdgeReply.newHeaders(), Unpooled.EMPTY_BUFFER, 0, Timeouts.DEFAULT, false);
    }

    @Override
    public Sink answered(int status, HttpHeaders headers, long bodyLength) {
      at(Where.HEAD);
      return this;
    }

    @Override
    public void over(Verdict verdict) {
      at(Where.VERDICT);
    }

    @Override
    public Origin origin() {
      return new Origin(false, "localhost", 1);
    }

    @Override
    public UpstreamCall call(EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
      List<Runnable> events = new ArrayList<>();
      if (where == Where.NEXT) {
        events.add(() -> listener.failed(failure()));
      } else if (where != Where.LEAVING) {
        events.add(() -> listener.head(200, EdgeReply.newHeaders(), -1));
        events.add(() -> listener.data(Unpooled.copiedBuffer("x", UTF_8)));
        events.add(listener::readComplete);
      }
      if (where != Where.NEXT && where != Where.LEAVING && where != Where.AFTER_THE_HEAD) {
        events.add(listener::end);
      }
      events.forEach(Runnable::run);
      return this;
    }

    private static dev.gatewright.relay.UpstreamFailure failure() {
      return new dev.gatewright.relay.UpstreamFailure(
          dev.gatewright.relay.UpstreamFailure.Phase.CONNECT, false, "no", false);
    }

    @Override
    public UpstreamCall upgrade(
        EventLoop loop, UpstreamRequest request, UpstreamListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    @Override
    public void data(ByteBuf part) {
      try {
        at(Where.DATA);
        asked().head(200, EdgeReply.newHeaders(), -1);
        asked().write(part.retain());
      } finally {
        part.release();
      }
    }

    @Override
    public void readComplete() {
      asked().flush();
    }

    @Override
    public void end() {
      at(Where.END);
    }

    @Override
    public void breakOff(Refusal why) {
      asked().reset("broken");
    }

    @Override
    public Tap tap() {
      return new BlindTap();
    }

    @Override
    public long length() {
      return 0;
    }

    @Override
    public ByteBuf whole() {
      return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void stream(BodyReceiver to) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void release() {
      released = true;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void write(ByteBuf part) {
      part.release();
    }

    @Override
    public void endBody() {}

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public boolean reused() {
      return false;
    }
  }
}
