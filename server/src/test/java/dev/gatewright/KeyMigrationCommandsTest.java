package dev.gatewright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.CommandGate.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys brought along and taken away from the command line, against a real server.
class KeyMigrationCommandsTest {
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
  void imports_a_flask_store_once_and_reports_without_showing_keys() throws IOException {
    String strong = "Zq8vT2mX4cLw9RkJ7sYbN3pGfHd6VaEu";
    String uuid = "3f2b8c1e-5d47-4a9b-8e6f-0123456789ab";
    Path file = folder.resolve("flask.json");
    Files.writeString(
        file,
        """
        {
          "%s": {"user": "ada", "service": "chat", "description": "phone", "enabled": true},
          "%s": {"user": "bob", "service": "all", "created": "2025-01-02T03:04:05.678901"},
          "short": {"user": "eve"}
        }
        """
            .formatted(strong, uuid));
    Result dry = gate.run("import", "keys", file.toString(), "--dry-run");
    assertThat(dry.exitCode()).isEqualTo(5);
    assertThat(dry.out())
        .contains("json-map: 2 would be imported, 0 here already, 1 refused; 1 weak");
    assertThat(gate.verify(strong).exitCode()).isEqualTo(2);
    Result first = gate.run("import", "keys", file.toString());
    assertThat(first.exitCode()).isEqualTo(5);
    assertThat(first.out()).contains("2 imported, 0 here already, 1 refused; 1 weak");
    assertThat(first.err()).contains("line 3", "weak: uuid", "line 4 (s…): refused: 5 characters");
    assertThat(first.out() + first.err())
        .doesNotContain(strong, uuid, "short\"", strong.substring(0, 5));
    Result verified = gate.verify(strong);
    assertThat(verified.exitCode()).isZero();
    JsonNode shown = gate.run("keys", "show", verified.json().path("id").asText(), "--json").json();
    assertThat(shown.path("user").asText()).isEqualTo("ada");
    assertThat(shown.path("name").asText()).isEqualTo("phone");
    assertThat(shown.path("scopes").toString()).isEqualTo("[\"chat:use\"]");
    assertThat(shown.path("source").asText()).isEqualTo("imported");
    Result again = gate.run("import", "keys", file.toString(), "--json");
    JsonNode report = JSON.readTree(again.out());
    assertThat(report.path("imported").asInt()).isZero();
    assertThat(report.path("present").asInt()).isEqualTo(2);
    assertThat(gate.run("import", "keys", folder.resolve("none").toString()).exitCode())
        .isEqualTo(1);
    assertThat(gate.run("import", "keys", file.toString(), "--format", "x").exitCode())
        .isEqualTo(1);
  }

  @Test
  void imports_many_keys_in_batches_and_says_how_far_it_is() throws IOException {
    int count = 1_200;
    long seed = System.nanoTime();
    System.out.println("KeyMigrationCommandsTest seed " + seed);
    Random random = new Random(seed);
    StringBuilder map = new StringBuilder("{");
    String last = "";
    for (int i = 0; i < count; i++) {
      last =
          random.ints(32, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
      map.append(i == 0 ? "" : ",\n").append("\"%s\":{\"user\":\"u%d\"}".formatted(last, i));
    }
    Path file = folder.resolve("many.json");
    Files.writeString(file, map.append("}"));
    Result first = gate.run("import", "keys", file.toString());
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.err().lines().filter(line -> line.endsWith(" of 1200 rows")).toList())
        .as(first.err())
        .containsExactly("500 of 1200 rows", "1000 of 1200 rows", "1200 of 1200 rows");
    assertThat(first.out()).contains("1200 imported, 0 here already, 0 refused");
    assertThat(gate.verify(last).exitCode()).isZero();
    Result again = gate.run("import", "keys", file.toString());
    assertThat(again.out()).contains("0 imported, 1200 here already, 0 refused");
  }

  @Test
  void exports_codes_that_this_gate_knows_again() throws IOException {
    String key = gate.create("--user", "ada").path("key").asText();
    Path file = folder.resolve("export.json");
    assertThat(gate.run("export", "keys", "--output", file.toString()).exitCode()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).contains("gatewright-keys").doesNotContain(key);
    Result again = gate.run("import", "keys", file.toString());
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("gatewright: 0 imported").contains("0 refused");
  }

  @Test
  void reports_keys_to_look_at() throws IOException {
    String open = gate.create().path("id").asText();
    String narrow = gate.create("--expires", "1d", "--services", "chat").path("id").asText();
    JsonNode report = gate.run("keys", "report", "--json").json();
    assertThat(report.path("data").findValuesAsText("id")).contains(open).doesNotContain(narrow);
    assertThat(gate.run("keys", "report").out()).contains("never_expires,unlimited");
    assertThat(gate.run("keys", "report", "--unused", "x").exitCode()).isEqualTo(1);
  }
}
