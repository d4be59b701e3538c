package dev.gatewright.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatewright.edge.Transport;
import dev.gatewright.payment.PaymentProvider.Outcome;
import dev.gatewright.payment.PaymentProvider.Page;
import dev.gatewright.payment.PaymentProvider.Payer;
import dev.gatewright.payment.PaymentsConfig;
import dev.gatewright.payment.Topup;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each request the gate makes of Stripe, held against Stripe's own description of its API by
/// stripe-mock (`go install`, seconds, once). It has no memory, so what comes of it is asked of the
/// fake of `PaymentsTest`.
@Tag("system")
class StripeMockSystemTest {
  private static final String MODULE = "github.com/stripe/stripe-mock@v0.203.0";
  private static final Path FOLDER = Path.of("target/stripe-mock-0.203.0").toAbsolutePath();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Topup TOPUP =
      new Topup(
          "org_1", "top_1", "page", "begun", 12_500_000_000L, "", "", "", 0, 0, "", 0, "x", 1);

  /// A request as it was answered.
  private record Call(String what, int status, String body) {}

  private static final List<Call> CALLS = new CopyOnWriteArrayList<>();

  @TempDir static Path logs;
  private static @Nullable Process mock;
  private static HttpServer between;
  private static int port;
  private static EventLoopGroup loops;
  private static Upstreams upstreams;
  private static Fetch fetch;
  private static StripeProvider provider;
  private static StripeClient client;

  @BeforeAll
  static void start() throws Exception {
    port = freePort();
    mock =
        new ProcessBuilder(binary().toString(), "-http-port", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(logs.resolve("stripe-mock.log").toFile())
            .start();
    Await.until(
        "stripe-mock answers",
        Duration.ofSeconds(30),
        () -> {
          try {
            return forward("GET", "/v1/customers", "", Map.of()).statusCode() == 200;
          } catch (IOException notYet) {
            return false;
          }
        });
    between = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    between.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    between.createContext("/", StripeMockSystemTest::pass);
    between.start();
    loops = Transport.best().loops(1, "stripe-mock-test");
    upstreams = new Upstreams(Time.system());
    fetch = new Fetch(upstreams, loops);
    PaymentsConfig.Stripe config =
        new PaymentsConfig.Stripe(
            Secret.of("sk_test_123"),
            List.of(Secret.of("whsec_0123456789abcdef0123456789abcdef")),
            BaseUrl.parse("base-url", "http://127.0.0.1:" + between.getAddress().getPort()),
            true);
    provider = new StripeProvider(config, fetch);
    client = new StripeClient(config, fetch);
  }

  private static Path binary() throws IOException, InterruptedException {
    Path binary = FOLDER.resolve("stripe-mock");
    if (!Files.exists(binary)) {
      ProcessBuilder go = new ProcessBuilder("go", "install", MODULE);
      go.environment().put("GOBIN", FOLDER.toString());
      int exit = go.inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("go install " + MODULE + ": exit " + exit);
      }
    }
    return binary;
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @AfterAll
  static void stop() {
    if (mock != null) {
      mock.destroy();
    }
    between.stop(0);
    fetch.close();
    upstreams.close();
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  private static HttpResponse<String> forward(
      String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("authorization", "Bearer sk_test_123")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /// Writes down how stripe-mock takes it.
  private static void pass(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String type = exchange.getRequestHeaders().getFirst("content-type");
    try {
      HttpResponse<String> answer =
          forward(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              body,
              type == null ? Map.of() : Map.of("content-type", type));
      CALLS.add(
          new Call(
              exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
              answer.statusCode(),
              answer.body()));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private static void took(String... calls) {
    assertThat(CALLS)
        .allSatisfy(call -> assertThat(call.status()).as(call.toString()).isEqualTo(200));
    assertThat(CALLS).extracting(Call::what).contains(calls);
  }

  /// That nothing would be found out by a mock that takes everything.
  @Test
  void mock_refusesParametersThatStripeDoesNotHave() {
    assertThat(client.post("/v1/refunds", Map.of("amount", "abc"), "k1").status()).isEqualTo(400);
    assertThat(client.post("/v1/payment_intents", Map.of("amuont", "1"), "k2").status())
        .isEqualTo(400);
    assertThat(client.post("/v1/checkout/sessions", Map.of("mode", "buy"), "k3").status())
        .isEqualTo(400);
  }

  @Test
  void checkout_isTaken_forSomebodyNewAndForOneWhoPaidBefore() {
    Outcome<Page> page = provider.begin(TOPUP, null, "https://gate.example.com/console/billing");
    assertThat(page).isNotInstanceOf(Outcome.Refused.class);
    var _ =
        provider.begin(
            TOPUP, new Payer("cus_1", "pm_1"), "https://gate.example.com/console/billing");
    assertThat(CALLS).hasSize(2);
    took("POST /v1/checkout/sessions");
  }

  @Test
  void charge_isTaken() {
    assertThat(provider.charge(TOPUP, new Payer("cus_1", "pm_1")))
        .isNotInstanceOf(Outcome.Refused.class);
    took("POST /v1/payment_intents");
  }

  @Test
  void lookUps_areTaken() {
    assertThat(provider.fetch("pi_123")).isInstanceOf(Outcome.Good.class);
    assertThat(provider.find(TOPUP)).isNotInstanceOf(Outcome.Refused.class);
    Topup paged =
        new Topup("org_1", "top_1", "page", "open", 1, "", "cs_test_1", "", 0, 0, "", 0, "x", 1);
    assertThat(provider.find(paged)).isNotInstanceOf(Outcome.Refused.class);
    assertThat(provider.findRefund("pi_123", "ref_1")).isInstanceOf(Outcome.Good.class);
    assertThat(client.get("/v1/disputes?limit=100&payment_intent=pi_123").status()).isEqualTo(200);
    took(
        "GET /v1/payment_intents/pi_123",
        "GET /v1/payment_intents/search",
        "GET /v1/checkout/sessions/cs_test_1",
        "GET /v1/refunds",
        "GET /v1/disputes");
  }

  @Test
  void refund_isTaken() {
    assertThat(provider.refund("pi_123", 12_500_000_000L, "ref_1"))
        .isInstanceOf(Outcome.Good.class);
    took("POST /v1/refunds");
  }
}
