package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.CommandGate.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command line shows of services, usage, models and changes, against a real server.
class ReportingCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

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
  void shows_checks_and_drains_services() throws IOException {
    assertThat(gate.run("services", "list").out()).contains("tts", "piper", "127.0.0.1:9");
    assertThat(gate.run("services", "list", "--json").json().at("/data/0/id").asText())
        .isEqualTo("tts");
    gate.run("services", "check");
    Result down = gate.run("services", "check", "tts", "--json");
    assertThat(down.exitCode()).isEqualTo(4);
    assertThat(JSON.readTree(down.out()).at("/data/0/status").asText()).isEqualTo("down");
    Result drained = gate.run("services", "drain", "tts", "http://127.0.0.1:9", "--json");
    assertThat(drained.json().path("status").asText()).isEqualTo("draining");
    assertThat(gate.run("services", "drain", "tts", "--undo").exitCode()).isZero();
    assertThat(gate.run("services", "drain", "none").exitCode()).isEqualTo(3);
    assertThat(gate.run("services", "drain").exitCode()).isEqualTo(1);
  }

  @Test
  void lists_verifies_and_anchors_the_chain_of_changes(@TempDir Path elsewhere) throws IOException {
    String id = gate.create().path("id").asText();
    gate.run("keys", "disable", id);
    Result listed = gate.run("audit", "list", "--object", id);
    assertThat(listed.out()).contains("key.create", "key.disable", "local", "127.0.0.1");
    JsonNode two = gate.run("audit", "list", "--limit", "2", "--json").json();
    assertThat(two.path("data")).hasSize(2);
    Path anchors = elsewhere.resolve("anchors.jsonl");
    for (int i = 0; i < 2; i++) {
      gate.run("keys", i == 0 ? "enable" : "disable", id);
      assertThat(gate.run("audit", "anchor", "--output", anchors.toString()).exitCode()).isZero();
    }
    assertThat(Files.readAllLines(anchors)).hasSize(2);
    assertThat(gate.run("audit", "verify").out()).startsWith("intact: ");
    Result held = gate.run("audit", "verify", "--anchors", anchors.toString(), "--json");
    assertThat(held.json().path("anchors").asInt()).isEqualTo(2);
    String line = Files.readAllLines(anchors).getLast();
    Files.writeString(anchors, line.replaceFirst("\"seq\":", "\"seq\":9"));
    Result broken = gate.run("audit", "verify", "--anchors", anchors.toString());
    assertThat(broken.exitCode()).isEqualTo(5);
    assertThat(broken.out()).startsWith("broken at link ");
    Files.writeString(anchors, "no json");
    assertThat(gate.run("audit", "verify", "--anchors", anchors.toString()).exitCode())
        .isEqualTo(1);
  }

  @Test
  void shows_usage_models_and_version() throws IOException {
    assertThat(gate.run("usage", "--json").json().path("data").isArray()).isTrue();
    for (String by : List.of("model", "target", "provider", "key", "day")) {
      assertThat(gate.run("usage", "--by", by, "--since", "24h", "--test").exitCode()).isZero();
    }
    assertThat(gate.run("models").out()).contains("fast");
    assertThat(gate.run("models", "--json").json().path("data").findValuesAsText("id"))
        .contains("fast");
    assertThat(gate.run("version").out().strip()).isEqualTo("gatewright " + Version.text());
    assertThat(gate.run("version", "--json").json().path("version").asText())
        .isEqualTo(Version.text());
  }

  @Test
  void an_export_is_checked_without_a_server() throws IOException {
    gate.create();
    Path export = folder.resolve("audit.jsonl");
    Path anchors = folder.resolve("kept.jsonl");
    assertThat(gate.run("audit", "anchor", "--output", anchors.toString()).exitCode()).isZero();
    assertThat(gate.run("audit", "export", "--output", export.toString()).exitCode()).isZero();
    assertThat(gate.run("audit", "export", "--from", "1").out().lines().count())
        .isEqualTo(Files.readAllLines(export).size() + 1L);
    assertThat(gate.run("audit", "export", "--from", "999999").exitCode()).isEqualTo(5);
    Map<String, String> nowhere = Map.of("GATEWRIGHT_DATA", folder.resolve("nowhere").toString());
    String[] check = {
      "audit", "verify", "--file", export.toString(), "--anchors", anchors.toString(), "--json"
    };
    JsonNode intact = CommandGate.run(nowhere, false, "", check).json();
    assertThat(intact.path("intact").asBoolean()).isTrue();
    assertThat(Files.readString(anchors)).contains(intact.path("public_key").asText());
    check[5] = folder.resolve("access.log").toString();
    assertThat(CommandGate.run(nowhere, false, "", check).exitCode()).isZero();

    Files.writeString(export, Files.readString(export).replaceFirst("key.create", "key.revoke"));
    Result broken = CommandGate.run(nowhere, false, "", check);
    assertThat(broken.exitCode()).isEqualTo(5);
    assertThat(new ObjectMapper().readTree(broken.out()).path("reason").asText())
        .contains("not as it was written");
    check[3] = folder.resolve("none").toString();
    assertThat(CommandGate.run(nowhere, false, "", check).exitCode()).isEqualTo(1);
  }
}
