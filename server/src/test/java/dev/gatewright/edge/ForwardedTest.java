package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.net.Cidr;
import dev.gatewright.net.IpLiteral;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedTest {
  private static final InetAddress PEER = address("10.0.0.1");
  private final Forwarded forwarded =
      new Forwarded(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9                         | 203.0.113.9",
        "1.1.1.1, 203.0.113.9                | 203.0.113.9",
        "1.1.1.1, 203.0.113.9, 10.0.0.7      | 203.0.113.9",
        "1.1.1.1,203.0.113.9 ,\t10.0.0.7     | 203.0.113.9",
        "10.0.0.8, 10.0.0.7                  | 10.0.0.8",
        "203.0.113.9:4711                    | 203.0.113.9",
        "[2001:db8::1]:4711, fd00::5         | 2001:db8:0:0:0:0:0:1",
        "2001:db8::1                         | 2001:db8:0:0:0:0:0:1",
        "203.0.113.9, unknown                | 10.0.0.1",
        "203.0.113.9, evil, 10.0.0.7         | 10.0.0.7",
        "203.0.113.9, , 10.0.0.7             | 10.0.0.7",
        "203.0.113.9,                        | 10.0.0.1",
        "::ffff:203.0.113.9                  | 203.0.113.9",
        "203.0.113.9:x                       | 10.0.0.1",
        "[203.0.113.9                        | 10.0.0.1",
        "localhost                           | 10.0.0.1",
        "0x7f000001                          | 10.0.0.1",
        "2130706433                          | 10.0.0.1",
      })
  void walks_from_the_right_to_the_first_stranger(String list, String client) {
    assertThat(forwarded.client(PEER, list).getHostAddress()).isEqualTo(client);
  }

  @Test
  void stops_after_twenty_entries_and_one_kib() {
    String far = "203.0.113.9" + ", 10.0.0.7".repeat(20);
    assertThat(forwarded.client(PEER, far)).isEqualTo(address("10.0.0.7"));
    String near = "203.0.113.9" + ", 10.0.0.7".repeat(19);
    assertThat(forwarded.client(PEER, near)).isEqualTo(address("203.0.113.9"));
    String wide = "203.0.113.9," + " ".repeat(1024) + "10.0.0.7";
    assertThat(forwarded.client(PEER, wide)).isEqualTo(PEER);
  }

  @Test
  void believes_only_those_named() {
    assertThat(forwarded.trusts(PEER)).isTrue();
    assertThat(forwarded.trusts(address("::ffff:10.0.0.1"))).isTrue();
    assertThat(forwarded.trusts(address("203.0.113.9"))).isFalse();
    assertThat(new Forwarded(List.of()).trusts(PEER)).isFalse();
  }

  @Test
  void whatever_strangers_prepend_changes_nothing() {
    long seed = Random.from(new java.security.SecureRandom()).nextLong();
    Random random = new Random(seed);
    String alphabet = "0123456789abcdef.:,[] x\t%";
    for (int i = 0; i < 5000; i++) {
      StringBuilder noise = new StringBuilder();
      for (int length = random.nextInt(60); length > 0; length--) {
        noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(forwarded.client(PEER, noise + ",203.0.113.9, 10.0.0.3"))
          .as("seed %d: %s", seed, noise)
          .isEqualTo(address("203.0.113.9"));
      assertThat(forwarded.client(PEER, noise)).as("seed %d: %s", seed, noise).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https,https",
    "HTTPS,https",
    "http,http",
    "'http, https',https",
    "ftp,http",
    "'',http"
  })
  void takes_the_scheme_the_nearest_proxy_says(String header, String scheme) {
    assertThat(Forwarded.scheme(header, "http")).isEqualTo(scheme);
  }

  @ParameterizedTest
  @CsvSource({"api.example,api.example", "'evil, api.example:443',api.example:443", "a/b,gate"})
  void takes_the_host_the_nearest_proxy_says_when_it_is_one(String header, String host) {
    assertThat(Forwarded.host(header, "gate")).isEqualTo(host);
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9,                 203.0.113.9",
    "2001:db8::1,                 2001:db8::1",
    "'203.0.113.9, 198.51.100.7', 10.0.0.1",
    "somebody,                    10.0.0.1",
    ",                            10.0.0.1"
  })
  void believes_the_one_header_that_the_configuration_names(
      @Nullable String told, String expected) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (told != null) {
      headers.set("CF-Connecting-IP", told);
    }
    Forwarded forwarded = new Forwarded(List.of(), "cf-connecting-ip");
    InetAddress peer = Objects.requireNonNull(IpLiteral.parse("10.0.0.1"));
    assertThat(forwarded.client(peer, headers, "198.51.100.1"))
        .isEqualTo(IpLiteral.parse(expected));

    headers.add("CF-Connecting-IP", "192.0.2.66");
    if (told != null) {
      assertThat(forwarded.client(peer, headers, null)).isEqualTo(peer);
    }
  }
}
