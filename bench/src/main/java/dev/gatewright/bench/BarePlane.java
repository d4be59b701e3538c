package dev.gatewright.bench;

import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.EdgeConfig;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.EdgeServer;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamListener;
import dev.gatewright.relay.UpstreamRequest;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.telemetry.Time;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Edge and relay alone, without keys, policy, JSON and attempts: the floor that the product's own
/// work is added to. Arguments: port of the provider, access log; prints its own port.
public final class BarePlane {
  /// What is set here is ours and known to be well-formed.
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  private BarePlane() {}

  public static void main(String[] arguments) throws Exception {
    Time time = Time.system();
    Upstreams upstreams = new Upstreams(time);
    Origin origin = new Origin(false, "127.0.0.1", Integer.parseInt(arguments[0]));
    Upstream upstream = upstreams.open(origin, DialRules.ALLOW_PRIVATE, 1024);
    AccessLog log = AccessLog.open(Path.of(arguments[1]));
    RouteTable routes =
        RouteTable.builder()
            .post("/v1/chat/completions", exchange -> new Pass(exchange, upstream).start())
            .build();
    EdgeConfig config = EdgeConfig.loopback();
    EdgeServer server = EdgeServer.start(config, time, routes, log);
    System.out.println(server.port());
    Thread.currentThread().join();
  }

  /// One call, its body held whole as the product holds it.
  private static final class Pass implements BodyReceiver {
    private static final long BODY_BYTES_MAX = 20 << 20;

    private final Exchange exchange;
    private final Upstream upstream;
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private @Nullable UpstreamCall call;

    Pass(Exchange exchange, Upstream upstream) {
      this.exchange = exchange;
      this.upstream = upstream;
    }

    void start() {
      exchange.onEnded(how -> {
        if (call != null && how == Exchange.Ended.GONE) {
          call.cancel();
        }
      });
      exchange.onWritability(() -> {
        if (call == null) {
          return;
        }
        if (exchange.isWritable()) {
          call.resumeReading();
        } else {
          call.pauseReading();
        }
      });
      exchange.receive(this, BODY_BYTES_MAX);
    }

    @Override
    public void data(ByteBuf part) {
      held = held.isReadable() ? Unpooled.wrappedBuffer(held, part) : part;
    }

    @Override
    public void end() {
      HttpHeaders headers = HEADERS.newHeaders();
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
      headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer upstream");
      call =
          upstream.call(
              exchange.eventLoop(),
              new UpstreamRequest(
                  "POST",
                  exchange.request().pathAndQuery(),
                  headers,
                  held,
                  held.readableBytes(),
                  Timeouts.DEFAULT,
                  false),
              new Answer(exchange));
    }

    @Override
    public void refused(Refusal refusal) {
      EdgeReply.refuse(exchange, refusal);
    }
  }

  private record Answer(Exchange exchange) implements UpstreamListener {
    @Override
    public void head(int status, HttpHeaders headers, long bodyLength) {
      HttpHeaders kept = HEADERS.newHeaders();
      String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
      if (type != null) {
        kept.set(HttpHeaderNames.CONTENT_TYPE, type);
      }
      exchange.head(status, kept, bodyLength);
    }

    @Override
    public void data(ByteBuf part) {
      exchange.write(part);
    }

    @Override
    public void readComplete() {
      exchange.flush();
    }

    @Override
    public void end() {
      exchange.finish();
    }

    @Override
    public void failed(UpstreamFailure failure) {
      exchange.reset(failure.message());
    }
  }
}
