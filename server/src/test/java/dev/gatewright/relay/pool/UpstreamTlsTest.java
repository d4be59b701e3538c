package dev.gatewright.relay.pool;

import static dev.gatewright.relay.pool.RelayBench.get;
import static dev.gatewright.relay.pool.RelayBench.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Transport;
import dev.gatewright.relay.Origin;
import dev.gatewright.relay.Upstream;
import dev.gatewright.relay.UpstreamCall;
import dev.gatewright.relay.UpstreamFailure;
import dev.gatewright.relay.UpstreamFailure.Phase;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.dial.DnsNames;
import dev.gatewright.relay.dial.UpstreamTls;
import dev.gatewright.telemetry.Time;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static KeyStore keys;

  /// A certificate for the name `localhost` and the address 127.0.0.1, made by the JDK's own tool.
  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("upstream.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "upstream",
                "-dname",
                "CN=upstream",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
  }

  private static RawUpstream upstream(RawUpstream.Script script) throws Exception {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    ServerSocket server =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 64, InetAddress.getLoopbackAddress());
    return RawUpstream.serving(server, script);
  }

  private static RelayBench trusting() {
    return new RelayBench(
        Transport.best(),
        new Upstreams(
            Time.system(),
            DnsNames::new,
            () -> UpstreamTls.build(SslContextBuilder.forClient().trustManager(certificate()))));
  }

  private static X509Certificate certificate() {
    try {
      return (X509Certificate) keys.getCertificate("upstream");
    } catch (java.security.KeyStoreException e) {
      throw new AssertionError(e);
    }
  }

  private static Upstream open(RelayBench bench, String host, RawUpstream raw) {
    return bench.upstreams.open(
        new Origin(true, host, raw.origin().port()), DialRules.ALLOW_PRIVATE, 8);
  }

  @Test
  void verifies_the_name_and_reuses_the_connection() throws Exception {
    try (RawUpstream raw = upstream(RawUpstreamScripts::echo);
        RelayBench bench = trusting()) {
      Upstream upstream = open(bench, "localhost", raw);
      String body = "x".repeat(1_000_000);
      assertThat(bench.fetch(upstream, post("/1", body))).endsWith(body);
      assertThat(bench.fetch(upstream, get("/2"))).startsWith("GET /2 ");
      assertThat(raw.accepted()).isEqualTo(1);
    }
  }

  @Test
  void verifies_an_address() throws Exception {
    try (RawUpstream raw = upstream(RawUpstreamScripts::echo);
        RelayBench bench = trusting()) {
      assertThat(bench.fetch(open(bench, "127.0.0.1", raw), get("/"))).startsWith("GET / ");
    }
  }

  @Test
  void certificate_of_another_name_is_refused() throws Exception {
    try (RawUpstream raw = upstream(RawUpstreamScripts::echo);
        RelayBench bench =
            new RelayBench(
                Transport.best(),
                new Upstreams(
                    Time.system(),
                    _ ->
                        (loop, _) ->
                            loop.newSucceededFuture(
                                java.util.List.of(InetAddress.getLoopbackAddress())),
                    () ->
                        UpstreamTls.build(
                            SslContextBuilder.forClient().trustManager(certificate()))))) {
      UpstreamFailure failure = bench.failure(open(bench, "other.example", raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.message()).contains("TLS");
    }
  }

  @Test
  void untrusted_certificate_is_refused() throws Exception {
    try (RawUpstream raw = upstream(RawUpstreamScripts::echo);
        RelayBench bench = new RelayBench()) {
      UpstreamFailure failure = bench.failure(open(bench, "localhost", raw), get("/"));
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.message()).contains("TLS");
    }
  }

  @Test
  void connection_closed_by_tls_while_idle_is_not_used() throws Exception {
    try (RawUpstream raw =
            upstream(peer -> {
              peer.answer(peer.request());
              peer.close();
            });
        RelayBench bench = trusting()) {
      Upstream upstream = open(bench, "localhost", raw);
      bench.fetch(upstream, get("/1"));
      UpstreamPool pool = (UpstreamPool) upstream;
      while (pool.connections() > 0) {
        bench.run(() -> {});
      }
      assertThat(bench.fetch(upstream, get("/2"))).startsWith("GET /2 ");
      assertThat(raw.accepted()).isEqualTo(2);
    }
  }

  @Test
  void handshake_that_never_ends_is_a_connect_timeout() throws Exception {
    try (RawUpstream raw = RawUpstream.serving(RawUpstreamScripts::silent);
        RelayBench bench = trusting()) {
      UpstreamFailure failure =
          bench.failure(open(bench, "localhost", raw), get("/", RelayBench.HASTY));
      assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
      assertThat(failure.timeout()).isTrue();
    }
  }

  @Test
  void cancel_does_not_wait_for_what_is_still_to_be_written() throws Exception {
    CountDownLatch headRead = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (RawUpstream raw =
            upstream(peer -> {
              peer.until("\r\n\r\n");
              headRead.countDown();
              awaitQuietly(released);
            });
        RelayBench bench = trusting()) {
      UpstreamPool pool = (UpstreamPool) open(bench, "localhost", raw);
      CallRecorder recorder = new CallRecorder();
      UpstreamCall call =
          bench.call(pool, RelayBench.streamed("/", 1L << 30, RelayBench.PATIENT), recorder);
      awaitQuietly(headRead);
      bench.run(() -> call.write(RelayBench.bytes("x".repeat(16 << 20))));
      bench.run(call::cancel);
      assertThat(pool.connections()).isZero();
      released.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
