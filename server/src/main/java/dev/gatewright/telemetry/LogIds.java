package dev.gatewright.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// By which ids a line is found beside the others of its request: said with the line itself, or by
/// whoever set the thread to work for the request.
public final class LogIds {
  public static final String REQUEST = "request_id";
  public static final String TRACE = "trace_id";

  private LogIds() {}

  /// Null = it is no request's line.
  static @Nullable String of(ILoggingEvent event, String name) {
    List<KeyValuePair> said = event.getKeyValuePairs();
    if (said != null) {
      for (KeyValuePair pair : said) {
        if (pair.key.equals(name)) {
          return pair.value == null ? null : pair.value.toString();
        }
      }
    }
    return event.getMDCPropertyMap().get(name);
  }
}
