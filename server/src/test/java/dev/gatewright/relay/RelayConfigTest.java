package dev.gatewright.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.net.Cidr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayConfigTest {
  private static RelayConfig read(String yaml) {
    return RelayConfig.from(ConfigSources.ofText(yaml).load());
  }

  @Test
  void allows_nothing_and_1024_connections_by_default() {
    RelayConfig config = read("");
    assertThat(config.allow()).isEmpty();
    assertThat(config.upstreamConnections()).isEqualTo(1024);
  }

  @Test
  void reads_blocks_and_the_bound() {
    RelayConfig config =
        read(
            """
            network: { allow: [10.0.0.0/8, "fd00::/8", 192.168.1.7] }
            upstream-connections: 7
            """);
    assertThat(config.allow())
        .containsExactly(
            Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"), Cidr.parse("192.168.1.7/32"));
    assertThat(config.upstreamConnections()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1/8", "10.0.0.0/33", "localhost", "0177.0.0.1", "10.0.0.0/+8"})
  void names_the_block_that_is_none(String block) {
    assertThatThrownBy(() -> read("network: { allow: [\"" + block + "\"] }"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("network.allow: " + block);
  }

  @Test
  void refuses_a_bound_of_none() {
    assertThatThrownBy(() -> read("upstream-connections: 0")).isInstanceOf(InvalidSetting.class);
  }
}
