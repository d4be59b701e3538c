package dev.gatewright.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.temporal.ChronoUnit;

/// A line for people: `2026-11-21T09:00:00.123Z INFO ConfigReload: …`.
final class PlainLines extends LayoutBase<ILoggingEvent> {
  @Override
  public String doLayout(ILoggingEvent event) {
    String logger = event.getLoggerName();
    String line =
        "%s %-5s %s: %s%n"
            .formatted(
                event.getInstant().truncatedTo(ChronoUnit.MILLIS),
                event.getLevel(),
                logger.substring(logger.lastIndexOf('.') + 1),
                LogText.message(event));
    return line + LogText.trace(event);
  }
}
