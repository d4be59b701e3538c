package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.net.Cidr;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.dial.UpstreamTls;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamDialTest {
  private final AtomicInteger asked = new AtomicInteger();
  private volatile List<InetAddress> addresses = List.of();
  private final RelayBench bench =
      new RelayBench(
          Transport.best(),
          new Upstreams(
              Time.system(),
              _ -> this::resolve,
              () -> UpstreamTls.build(SslContextBuilder.forClient())));

  private Future<List<InetAddress>> resolve(EventLoop loop, String name) {
    asked.incrementAndGet();
    Promise<List<InetAddress>> promise = loop.newPromise();
    loop.execute(() -> {
      if (addresses.isEmpty()) {
        promise.setFailure(new UnknownHostException(name));
      } else {
        promise.setSuccess(addresses);
      }
    });
    return promise;
  }

  private static InetAddress literal(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Upstream named(RawUpstream raw, DialRules rules) {
    return bench.upstreams.open(new Origin(false, "target.example", raw.origin().port()), rules, 8);
  }

  @Test
  void name_is_resolved_once_and_the_checked_address_dialled() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      addresses = List.of(literal("127.0.0.1"));
      String seen = bench.fetch(named(raw, DialRules.ALLOW_PRIVATE), get("/"));
      assertThat(seen).contains("host: target.example:" + raw.origin().port() + "\r\n");
      assertThat(asked).hasValue(1);
    }
  }

  @Test
  void name_that_leads_to_loopback_is_refused_without_a_connection() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      addresses = List.of(literal("127.0.0.1"));
      UpstreamFailure failure = bench.failure(named(raw, DialRules.PUBLIC_ONLY), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.ADDRESS);
      assertThat(failure.message()).doesNotContain("127.0.0.1");
      assertThat(raw.accepted()).isZero();
    }
  }

  @Test
  void one_forbidden_address_condemns_the_name() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      addresses = List.of(literal("127.0.0.1"), literal("169.254.169.254"));
      UpstreamFailure failure = bench.failure(named(raw, DialRules.ALLOW_PRIVATE), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.ADDRESS);
      assertThat(raw.accepted()).isZero();
    }
  }

  @Test
  void opened_block_lets_a_name_through() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      addresses = List.of(literal("127.0.0.1"));
      DialRules rules = new DialRules(false, List.of(Cidr.parse("127.0.0.0/8")));
      assertThat(bench.fetch(named(raw, rules), get("/"))).startsWith("GET / ");
    }
  }

  @Test
  void next_address_is_tried_when_one_refuses() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      addresses = List.of(literal("127.0.0.2"), literal("127.0.0.1"));
      assertThat(bench.fetch(named(raw, DialRules.ALLOW_PRIVATE), get("/"))).startsWith("GET / ");
    }
  }

  @Test
  void unknown_name_is_a_connect_failure() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo)) {
      UpstreamFailure failure = bench.failure(named(raw, DialRules.ALLOW_PRIVATE), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.timeout()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0177.0.0.1", "2130706433", "0x7f000001", "127.1", "::1%lo"})
  void odd_spelling_of_loopback_reaches_no_resolver(String host) throws Exception {
    addresses = List.of(literal("127.0.0.1"));
    Upstream upstream =
        bench.upstreams.open(new Origin(false, host, 80), DialRules.ALLOW_PRIVATE, 8);
    assertThat(bench.failure(upstream, get("/")).phase()).isEqualTo(Phase.ADDRESS);
    assertThat(asked).hasValue(0);
  }

  @Test
  void hosts_file_is_honoured() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::echo);
        RelayBench own = new RelayBench()) {
      Upstream upstream =
          own.upstreams.open(
              new Origin(false, "localhost", raw.origin().port()), DialRules.ALLOW_PRIVATE, 8);
      assertThat(own.fetch(upstream, get("/"))).startsWith("GET / ");
    }
  }
}
