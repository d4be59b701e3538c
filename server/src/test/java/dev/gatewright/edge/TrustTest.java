package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.net.Cidr;
import dev.gatewright.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whom the edge believes: proxies by address, the front by its secret, PROXY headers.
class TrustTest {
  private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));
  private static final List<Cidr> ELSEWHERE = List.of(Cidr.parse("192.0.2.0/24"));

  private static Edge start(UnaryOperator<EdgeConfig> change) {
    return start(change, Transport.best());
  }

  private static Edge start(UnaryOperator<EdgeConfig> change, Transport transport) {
    RouteTable routes =
        RouteTable.builder().any("/who", TrustTest::who).any("/health*", TrustTest::who).build();
    return Edge.start(
        routes,
        transport,
        change,
        AccessLog.none(),
        head -> "local".equals(head.headers().get("x-api-key")));
  }

  /// What the handler was told, on one line.
  private static void who(Exchange exchange) {
    RequestHead head = exchange.request();
    String gatewright =
        head.headers().names().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> name.startsWith("x-gatewright"))
            .sorted()
            .collect(Collectors.joining(","));
    TestHandlers.text(
        exchange,
        200,
        "%s %s %s %s [%s]%s"
            .formatted(
                head.client().getHostAddress(),
                head.scheme(),
                head.host(),
                head.edgeProven(),
                gatewright,
                head.believesFront() ? " believed" : ""));
  }

  private static EdgeConfig with(
      EdgeConfig config,
      List<Cidr> trusted,
      List<Secret> secrets,
      boolean required,
      boolean proxy) {
    return new EdgeConfig(
        config.host(),
        config.port(),
        config.protocols(),
        proxy,
        trusted,
        config.clientAddress(),
        secrets,
        required,
        false,
        config.limits(),
        config.cors(),
        config.sites());
  }

  private static String ask(String... headers) {
    return Wire.head("GET /who HTTP/1.1", "Host: gate", String.join("\r\n", headers));
  }

  @Test
  void forwarded_headers_from_a_stranger_count_for_nothing() {
    try (Edge edge = start(config -> with(config, ELSEWHERE, List.of(), false, false));
        RawClient client = edge.connect()) {
      client.send(
          ask(
              "X-Forwarded-For: 203.0.113.9",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: evil"));
      assertThat(client.answer().body()).isEqualTo("127.0.0.1 http gate false []");
    }
  }

  @Test
  void forwarded_headers_from_a_trusted_proxy_count() {
    try (Edge edge = start(config -> with(config, LOOPBACK, List.of(), false, false));
        RawClient client = edge.connect()) {
      client.send(
          ask(
              "X-Forwarded-For: 1.2.3.4",
              "X-Forwarded-For: 203.0.113.9",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: api.example"));
      assertThat(client.answer().body())
          .isEqualTo("203.0.113.9 https api.example false [] believed");
    }
  }

  @Test
  void names_of_ours_are_dropped_but_the_public_ones() {
    try (Edge edge = start(config -> config);
        RawClient client = edge.connect()) {
      client.send(
          ask(
              "X-Gatewright-Client: 1.2.3.4",
              "x-gatewright-handoff-secret: s",
              "X-Gatewright-Route: a",
              "X-GATEWRIGHT-HOST: b",
              "x-gatewright-strict: 1",
              "x-gatewright-edge: s",
              "x-gatewright-as-organization: org_1"));
      assertThat(client.answer().body())
          .startsWith("127.0.0.1 http gate false")
          .endsWith(" [x-gatewright-as-organization,x-gatewright-route,x-gatewright-strict]");
    }
  }

  /// Backends take these for the gate's word, so nobody may bring them along: not a stranger, not a
  /// trusted proxy, not the front that knows the secret.
  @Test
  void identity_headers_are_dropped_whoever_sends_them() {
    try (Edge edge =
            start(config -> with(config, LOOPBACK, List.of(Secret.of("first")), true, false));
        RawClient client = edge.connect()) {
      client.send(
          ask(
              "x-gatewright-edge: first",
              "x-gatewright-key: key_forged",
              "X-Gatewright-User: root",
              "X-GATEWRIGHT-ORGANIZATION: org_1",
              "x-GateWright-Scopes: chat:manage",
              "x-gatewright-deny: none"));
      assertThat(client.answer().body()).endsWith(" true [] believed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X_Gatewright_Key",
        "x_gatewright-user",
        "X-Gatewright_Organization",
        "x_gatewright_scopes",
        "X_Forwarded_Uri",
        "x-forwarded_method",
        "X_Original_Uri",
        "X_Original_Url",
        "x_original_method"
      })
  void their_spelling_with_underscores_is_refused(String name) {
    try (Edge edge = start(config -> with(config, LOOPBACK, List.of(), false, false));
        RawClient client = edge.connect()) {
      assertThat(client.send(ask(name + ": forged")).answer().status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void either_edge_secret_lets_pass(String secret) {
    try (Edge edge = start(TrustTest::required);
        RawClient client = edge.connect()) {
      client.send(ask("x-gatewright-edge: " + secret));
      assertThat(client.answer().body()).endsWith(" true [] believed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: b",
        "x-gatewright-edge: third",
        "x-gatewright-edge:",
        "x-gatewright-edge: firs",
        "x-gatewright-edge: first\r\nx-gatewright-edge: first",
        "x-gatewright-edge: first,second"
      })
  void without_a_valid_secret_it_is_403_even_from_loopback(String header) {
    try (Edge edge = start(TrustTest::required);
        RawClient client = edge.connect()) {
      Answer answer = client.send(ask(header)).answer();
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).doesNotContain("first");
      assertThat(client.send(ask("x-gatewright-edge: first")).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void health_and_the_local_command_line_need_no_secret() {
    try (Edge edge = start(TrustTest::required);
        RawClient client = edge.connect()) {
      client.send("GET /health/live HTTP/1.1\r\nHost: gate\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.send(ask("x-api-key: local")).answer().status()).isEqualTo(200);
      client.send("GET /healthy HTTP/1.1\r\nHost: gate\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(403);
    }
  }

  private static EdgeConfig required(EdgeConfig config) {
    return with(config, List.of(), List.of(Secret.of("first"), Secret.of("second")), true, false);
  }

  @Test
  void required_without_a_secret_stops_the_start() {
    assertThatThrownBy(() -> with(EdgeConfig.loopback(), List.of(), List.of(), true, false))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("edge.required");
    assertThatThrownBy(
            () -> with(EdgeConfig.loopback(), List.of(), List.of(Secret.of("")), true, false))
        .isInstanceOf(InvalidSetting.class);
  }

  @ParameterizedTest
  @EnumSource
  void the_proxy_header_names_the_caller(Transport transport) {
    try (Edge edge = start(config -> with(config, List.of(), List.of(), false, true), transport)) {
      try (RawClient client = edge.connect()) {
        client.send("PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n" + ask("a: b"));
        assertThat(client.answer().body()).startsWith("203.0.113.9 http");
        assertThat(client.send(ask("a: b")).answer().body()).startsWith("203.0.113.9 http");
      }
      try (RawClient client = edge.connect()) {
        client.send("PROXY UNKNOWN\r\n" + ask("a: b"));
        assertThat(client.answer().body()).startsWith("127.0.0.1 http");
      }
      try (RawClient client = edge.connect()) {
        byte[] v2 =
            Wire.bytes(
                "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c", "\u00cb\0q\u0009", "\n\0\0\u0001\u0012g\0P");
        client.send(v2).send(ask("a: b"));
        assertThat(client.answer().body()).startsWith("203.0.113.9 http");
      }
    }
  }

  @Test
  void no_proxy_header_where_one_is_due_ends_the_connection() {
    try (Edge edge = start(config -> with(config, List.of(), List.of(), false, true))) {
      try (RawClient client = edge.connect()) {
        assertThat(client.send(ask("a: b")).ended()).isTrue();
      }
      try (RawClient client = edge.connect()) {
        assertThat(client.send("PROXY TCP4 x y").ended()).isTrue();
      }
    }
  }

  @Test
  void with_proxies_named_only_they_send_proxy_headers() {
    try (Edge edge = start(config -> with(config, ELSEWHERE, List.of(), false, true))) {
      try (RawClient client = edge.connect()) {
        client.send("PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n" + ask("a: b"));
        assertThat(client.answer().status()).isEqualTo(400);
      }
      try (RawClient client = edge.connect()) {
        assertThat(client.send(ask("a: b")).answer().body()).startsWith("127.0.0.1 http");
      }
    }
  }
}
