package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.testbed.UsageShapes.Shape;
import dev.gatewright.testbed.UsageShapes.Truth;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each way of saying what a call used, through the whole product into the rows: under its honest
/// content type, under wrong ones, compressed, and in small pieces.
class UsageEvidenceTest {
  @RegisterExtension static final GateWorld world = GateWorld.usual();

  /// @param encoding empty = none
  private record Case(Shape shape, String type, String encoding) {
    String body() {
      boolean messages = shape.path().equals(UsageShapes.MESSAGES);
      return "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":9,\"messages\":[],\"input\":\"\"}"
          .formatted(messages ? "claudes/" + model() : "local/" + model(), shape.stream());
    }

    /// A name of its own, so that no circuit is shared.
    private String model() {
      return "m" + Integer.toHexString(hashCode());
    }

    String name() {
      return "%s [%s%s]".formatted(shape.name(), type, encoding.isEmpty() ? "" : ", " + encoding);
    }
  }

  private static final List<Case> CASES = new ArrayList<>();
  private static final Map<Case, String> IDS = new HashMap<>();
  private static Map<String, Truth> rows = Map.of();

  @BeforeAll
  static void call() throws Exception {
    for (Shape shape : UsageShapes.all()) {
      String honest = shape.stream() ? "text/event-stream; charset=utf-8" : "application/json";
      CASES.add(new Case(shape, honest, ""));
      CASES.add(new Case(shape, honest, "gzip"));
      CASES.add(new Case(shape, honest, "deflate"));
      CASES.add(new Case(shape, "text/plain", ""));
      CASES.add(new Case(shape, shape.stream() ? "application/json" : "text/event-stream", ""));
      CASES.add(new Case(shape, "", ""));
    }
    try (RawClient caller = world.caller()) {
      for (Case each : CASES) {
        world.provider().answer((_, wire) -> answer(each, wire));
        RawClient.Answer answer =
            caller.post(each.shape().path(), world.key(), each.body()).answer();
        IDS.put(each, String.valueOf(answer.header("x-request-id")));
      }
    }
    Await.until(
        "the rows",
        Duration.ofSeconds(30),
        () -> {
          rows = read();
          return rows.keySet().containsAll(IDS.values());
        });
  }

  private static void answer(Case each, Wire wire) throws java.io.IOException {
    byte[] bytes = each.shape().answer().getBytes(StandardCharsets.UTF_8);
    if (each.encoding().equals("gzip")) {
      bytes = Answers.gzip(each.shape().answer());
    } else if (each.encoding().equals("deflate")) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
        deflate.write(bytes);
      }
      bytes = out.toByteArray();
    }
    List<String> head = new ArrayList<>();
    if (!each.type().isEmpty()) {
      head.add("content-type: " + each.type());
    }
    if (!each.encoding().isEmpty()) {
      head.add("content-encoding: " + each.encoding());
    }
    head.add("content-length: " + bytes.length);
    wire.head(200, head.toArray(String[]::new));
    if (bytes.length > 0) {
      wire.raw(bytes);
    }
  }

  @TestFactory
  List<DynamicTest> rows_say_what_the_provider_said_and_by_whose_word() {
    return CASES.stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.name(),
                () -> {
                  Truth truth = each.shape().truth();
                  if (truth.input() == UsageShapes.ESTIMATE) {
                    truth =
                        new Truth(
                            (each.body().length() + 3) / 4,
                            truth.output(),
                            truth.cached(),
                            truth.reasoning(),
                            truth.inputSource(),
                            truth.outputSource(),
                            truth.outcome());
                  }
                  assertThat(rows.get(IDS.get(each))).isEqualTo(truth);
                }))
        .toList();
  }

  @Test
  void there_are_at_least_sixty_shapes() {
    assertThat(UsageShapes.all()).hasSizeGreaterThanOrEqualTo(60);
  }

  private static Map<String, Truth> read() throws SQLException {
    Map<String, Truth> rows = new HashMap<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + world.data().resolve("gatewright.db"));
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                """
                SELECT request_id, input_tokens, output_tokens, cached_tokens, reasoning_tokens,
                  input_source, output_source, outcome FROM usage_attempt
                """)) {
      while (found.next()) {
        rows.put(
            found.getString(1),
            new Truth(
                found.getLong(2),
                found.getLong(3),
                found.getLong(4),
                found.getLong(5),
                found.getString(6),
                found.getString(7),
                found.getString(8)));
      }
    }
    return rows;
  }
}
