package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits from the command line, against a real server.
class LimitCommandsTest {
  @TempDir static Path folder;
  private static CommandGate gate;

  @BeforeAll
  static void start() throws IOException {
    gate = CommandGate.start(folder);
  }

  @AfterAll
  static void stop() {
    gate.close();
  }

  @Test
  void set_makesOne_andChangesIt() throws IOException {
    JsonNode key = gate.run("keys", "create", "--name", "k", "--json").json();
    String on = key.path("id").asText();
    JsonNode made = gate.run("limits", "set", on, "requests=60/minute", "--json").json();
    assertThat(made.path("on").asText()).isEqualTo(on);
    assertThat(made.path("max").asLong()).isEqualTo(60);
    JsonNode changed = gate.run("limits", "set", on, "requests=90/minute", "--json").json();
    assertThat(changed.path("id")).isEqualTo(made.path("id"));
    assertThat(changed.path("max").asLong()).isEqualTo(90);
    JsonNode money = gate.run("limits", "set", on, "spend=0.50/hour", "--json").json();
    assertThat(money.path("max").asText()).isEqualTo("0.5");
    JsonNode atOnce = gate.run("limits", "set", on, "concurrency=4", "--json").json();
    assertThat(atOnce.path("per").isNull()).isTrue();

    assertThat(gate.run("limits", "list", "--on", on).out())
        .contains("requests=90/minute")
        .contains("spend=0.5/hour")
        .contains("concurrency=4");
    String id = made.path("id").asText();
    assertThat(gate.run("limits", "remove", id).exitCode()).isZero();
    assertThat(gate.run("limits", "remove", id).exitCode()).isEqualTo(3);
    assertThat(gate.run("limits", "list", "--on", on, "--json").json().path("data")).hasSize(2);
  }

  @Test
  void keys_areMadeWithLimits() throws IOException {
    JsonNode key =
        gate.run(
                "keys",
                "create",
                "--name",
                "k",
                "--limit",
                "requests=60/minute",
                "--limit",
                "concurrency=2",
                "--json")
            .json();
    JsonNode limits =
        gate.run("limits", "list", "--on", key.path("id").asText(), "--json").json().path("data");
    assertThat(limits).hasSize(2);
  }

  @Test
  void whatIsNoLimit_isSaid() throws IOException {
    assertThat(gate.run("limits", "set", "key_x", "much").exitCode()).isEqualTo(1);
    assertThat(gate.run("limits", "set", "key_x", "requests=1/minute").exitCode()).isEqualTo(3);
    assertThat(gate.run("limits", "set", "nobody", "requests=1/minute").err())
        .contains("expected: key_…");
    assertThat(gate.run("limits", "set", "org_x", "requests=1/year").err())
        .contains("second, minute, hour or day");
    assertThat(gate.run("keys", "create", "--name", "k", "--limit", "x").exitCode()).isEqualTo(1);
  }
}
