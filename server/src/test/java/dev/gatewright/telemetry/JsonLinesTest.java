package dev.gatewright.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/// By which ids a line of the log is found.
class JsonLinesTest {
  private static LoggingEvent event(Map<String, String> ofThread) {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent("x", context.getLogger("a.b"), Level.ERROR, "it failed", null, null);
    event.setMDCPropertyMap(ofThread);
    return event;
  }

  private static JsonNode line(LoggingEvent event) throws IOException {
    return new ObjectMapper().readTree(new JsonLines().doLayout(event));
  }

  @Test
  void a_line_has_the_ids_it_was_given() throws IOException {
    LoggingEvent event = event(Map.of());
    event.addKeyValuePair(new KeyValuePair(LogIds.REQUEST, "req_1"));
    event.addKeyValuePair(new KeyValuePair(LogIds.TRACE, "4bf9"));
    event.addKeyValuePair(new KeyValuePair("other", "1"));
    assertThat(line(event).get("request_id").asText()).isEqualTo("req_1");
    assertThat(line(event).get("trace_id").asText()).isEqualTo("4bf9");
    assertThat(line(event).has("other")).isFalse();
  }

  @Test
  void or_those_its_thread_works_for() throws IOException {
    JsonNode line = line(event(Map.of("request_id", "req_2", "trace_id", "4bf8", "x", "y")));
    assertThat(line.get("request_id").asText()).isEqualTo("req_2");
    assertThat(line.get("trace_id").asText()).isEqualTo("4bf8");
    assertThat(line.has("x")).isFalse();
  }

  @Test
  void or_none() throws IOException {
    LoggingEvent event = event(Map.of());
    event.addKeyValuePair(new KeyValuePair(LogIds.TRACE, null));
    assertThat(line(event).has("request_id")).isFalse();
    assertThat(line(event).has("trace_id")).isFalse();
  }
}
