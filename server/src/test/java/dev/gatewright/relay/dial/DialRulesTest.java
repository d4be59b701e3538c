package dev.gatewright.relay.dial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialRulesTest {
  private static final DialRules OPENED =
      new DialRules(
          false, List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));

  private static InetAddress literal(String text) {
    if (DialHost.of(text) instanceof DialHost.Address(InetAddress address)) {
      return address;
    }
    throw new AssertionError(text + " is not read as an address");
  }

  @ParameterizedTest
  @CsvSource({
    "1.1.1.1, PUBLIC",
    "8.8.8.8, PUBLIC",
    "2606:4700::1111, PUBLIC",
    "::ffff:8.8.8.8, PUBLIC",
    "64:ff9b::808:808, PUBLIC",
    "100.63.255.255, PUBLIC",
    "100.128.0.0, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.32.0.0, PUBLIC",
    "10.0.0.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "127.0.0.1, PRIVATE",
    "127.255.255.254, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.31.255.255, PRIVATE",
    "192.168.1.1, PRIVATE",
    "::1, PRIVATE",
    "fc00::1, PRIVATE",
    "fdff::1, PRIVATE",
    "::ffff:127.0.0.1, PRIVATE",
    "::ffff:7f00:1, PRIVATE",
    "64:ff9b::7f00:1, PRIVATE",
    "2002:7f00:1::, PRIVATE",
    "2002:a00:1::1, PRIVATE",
    "0.0.0.0, SPECIAL",
    "0.1.2.3, SPECIAL",
    "192.0.0.1, SPECIAL",
    "192.0.2.1, SPECIAL",
    "198.18.0.1, SPECIAL",
    "198.51.100.1, SPECIAL",
    "203.0.113.1, SPECIAL",
    "224.0.0.1, SPECIAL",
    "239.255.255.255, SPECIAL",
    "240.0.0.1, SPECIAL",
    "255.255.255.255, SPECIAL",
    "::, SPECIAL",
    "::7f00:1, SPECIAL",
    "2001::1, SPECIAL",
    "2001:db8::1, SPECIAL",
    "2002:808:808::1, SPECIAL",
    "3fff::1, SPECIAL",
    "100::1, SPECIAL",
    "64:ff9b:1::1, SPECIAL",
    "fec0::1, SPECIAL",
    "ff02::1, SPECIAL",
    "169.254.169.254, FORBIDDEN",
    "169.254.0.1, FORBIDDEN",
    "::ffff:169.254.169.254, FORBIDDEN",
    "64:ff9b::a9fe:a9fe, FORBIDDEN",
    "2002:a9fe:a9fe::, FORBIDDEN",
    "fe80::1, FORBIDDEN",
    "febf::1, FORBIDDEN",
    "fd00:ec2::254, FORBIDDEN",
    "fd20:ce::254, FORBIDDEN",
    "100.100.100.200, FORBIDDEN",
    "168.63.129.16, FORBIDDEN",
    "192.0.0.192, FORBIDDEN",
  })
  void knows_what_an_address_is_for(String text, AddressKind kind) {
    InetAddress address = literal(text);
    assertThat(AddressKind.of(address)).isEqualTo(kind);
    assertThat(DialRules.PUBLIC_ONLY.refusal(address) == null)
        .isEqualTo(kind == AddressKind.PUBLIC);
    assertThat(DialRules.ALLOW_PRIVATE.refusal(address) == null)
        .isEqualTo(kind == AddressKind.PUBLIC || kind == AddressKind.PRIVATE);
    assertThat(OPENED.refusal(address) == null).isEqualTo(kind != AddressKind.FORBIDDEN);
  }

  @Test
  void opens_only_the_named_blocks() {
    DialRules rules = new DialRules(false, List.of(Cidr.parse("10.1.0.0/16")));
    assertThat(rules.refusal(literal("10.1.2.3"))).isNull();
    assertThat(rules.refusal(literal("10.2.2.3"))).contains("network.allow");
    assertThat(rules.refusal(literal("127.0.0.1"))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.1.",
        "127.0.0.0x1",
        "256.1.1.1",
        "1.2.3.4.5",
        "1..2.3",
        "0",
        "0x",
        "00000000000000000000127.0.0.1",
        "127.0.0.1\u0000.example.com",
        "１２７.０.０.１",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "127.0.0.1%2f",
        "[::1]",
        "::1%lo",
        "fe80::1%25eth0",
        "::ffff:127.1",
        "::ffff:0x7f.0.0.1",
        "1::2::3",
        ":::",
        "localhost.",
        ".localhost",
        "a..b",
        "user@localhost",
        "localhost:80",
        "local host",
        "",
        "bücher.example",
        "a\\b",
        "a/b",
        "a?b"
      })
  void takes_no_odd_spelling(String host) {
    assertThat(DialHost.of(host)).isInstanceOf(DialHost.Unusable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "api.openai.com", "a_b.example", "x--y.example", "1a.b2"})
  void takes_names(String host) {
    assertThat(DialHost.of(host)).isEqualTo(new DialHost.Name(host));
  }
}
