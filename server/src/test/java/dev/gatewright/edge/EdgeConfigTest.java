package dev.gatewright.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.net.Cidr;
import dev.gatewright.secret.Secret;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdgeConfigTest {
  private static EdgeConfig read(String yaml) {
    return EdgeConfig.from(ConfigSources.ofText(yaml).load());
  }

  @Test
  void shares_are_per_cent_and_nothing_else() {
    EdgeLimits limits =
        read("limits: {shares: {held-bodies: 30%, slots: 100%, upload-rate: 4KiB}}").limits();
    assertThat(limits.shares().heldBodies()).isEqualTo(30);
    assertThat(limits.shares().slots()).isEqualTo(100);
    assertThat(limits.shares().uploadBytesPerSecond()).isEqualTo(4096);
    assertThat(limits.shares().connections()).isEqualTo(50);
    for (String bad : new String[] {"0%", "101%", "50", "5.5%", "-1%", "x"}) {
      assertThatThrownBy(() -> read("limits: {shares: {hand-offs: '" + bad + "'}}"))
          .hasMessageContaining("limits.shares.hand-offs: " + bad + " (expected: 1% to 100%)");
    }
    assertThatThrownBy(() -> read("limits: {shares: {upload-rate: 2MiB}}"))
        .hasMessageContaining("limits.shares.upload-rate");
  }

  @Test
  void nothing_written_means_loopback_8080_and_the_documented_limits() {
    EdgeConfig config = read("");

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.proxyProtocol()).isFalse();
    assertThat(config.trustedProxies()).isEmpty();
    assertThat(config.edgeRequired()).isFalse();
    assertThat(config.limits()).isEqualTo(EdgeLimits.DEFAULT);
    assertThat(EdgeLimits.DEFAULT.headerBytes()).isEqualTo(32 << 10);
    assertThat(EdgeLimits.DEFAULT.bodyBytes()).isEqualTo(20 << 20);
    assertThat(EdgeLimits.DEFAULT.heldBodiesBytes()).isEqualTo(256 << 20);
    assertThat(EdgeLimits.DEFAULT.connections()).isEqualTo(10_000);
  }

  @Test
  void reads_every_setting() {
    EdgeConfig config =
        read(
            """
            listen: { host: 0.0.0.0, port: 0, proxy-protocol: true }
            trusted-proxies: [10.0.0.0/8, "::1"]
            edge: { secrets: [one, two], required: true }
            limits: { header: 16KiB, body: 1MiB, held-bodies: 8MiB, header-timeout: 2s,
                      write-stall: 3s, connections: 7 }
            """);

    assertThat(config.host()).isEqualTo("0.0.0.0");
    assertThat(config.port()).isZero();
    assertThat(config.proxyProtocol()).isTrue();
    assertThat(config.trustedProxies())
        .containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1/128"));
    assertThat(config.edgeSecrets()).containsExactly(Secret.of("one"), Secret.of("two"));
    assertThat(config.edgeRequired()).isTrue();
    assertThat(config.limits().headerBytes()).isEqualTo(16 << 10);
    assertThat(config.limits().headerTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.limits().writeStall()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.limits().connections()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trusted-proxies: [10.0.0.1/8]          | trusted-proxies",
        "trusted-proxies: [gate.example]        | trusted-proxies",
        "edge: { required: true }               | edge.required",
        "limits: { header: 100B }               | limits.header",
        "limits: { header: 3GiB }               | limits.header",
        "limits: { body: 300MiB }               | limits.held-bodies",
        "limits: { header-timeout: 0s }         | header-timeout",
        "limits: { connections: 0 }             | connections",
        "listen: { port: 65536 }                | port",
      })
  void says_which_setting_does_not_fit(String yaml, String path) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(path)
        .hasMessageContaining("expected");
  }
}
