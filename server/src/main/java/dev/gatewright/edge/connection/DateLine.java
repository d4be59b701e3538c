package dev.gatewright.edge.connection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The header `date` as a finished line, made anew once a second. Confined to one event loop.
final class DateLine {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private byte[] line = {};

  byte[] at(long millis) {
    long now = Math.floorDiv(millis, 1000L);
    if (now != second) {
      second = now;
      line =
          ("date: " + FORMAT.format(Instant.ofEpochSecond(now)) + "\r\n")
              .getBytes(StandardCharsets.US_ASCII);
    }
    return line;
  }
}
