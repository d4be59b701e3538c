package dev.gatewright.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// A JSON object a line, for collectors.
final class JsonLines extends LayoutBase<ILoggingEvent> {
  private final ObjectMapper json = new ObjectMapper();

  @Override
  public String doLayout(ILoggingEvent event) {
    ObjectNode line = json.createObjectNode();
    line.put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    line.put("logger", event.getLoggerName());
    line.put("message", LogText.message(event));
    id(line, event, LogIds.REQUEST);
    id(line, event, LogIds.TRACE);
    String trace = LogText.trace(event);
    if (!trace.isEmpty()) {
      line.put("trace", trace);
    }
    return line + "\n";
  }

  private static void id(ObjectNode line, ILoggingEvent event, String name) {
    String id = LogIds.of(event, name);
    if (id != null) {
      line.put(name, id);
    }
  }
}
