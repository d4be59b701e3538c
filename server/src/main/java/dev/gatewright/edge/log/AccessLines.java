package dev.gatewright.edge.log;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.json.JsonBytes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// The access-log lines of one event loop, gathered until there are enough of them to be worth
/// handing over. Confined to the loop.
public final class AccessLines {
  private static final int BATCH_BYTES = 16 << 10;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

  private final AccessLog log;
  private final JsonBytes lines = new JsonBytes(BATCH_BYTES + 1024);
  private int count;
  private long second = Long.MIN_VALUE;
  private String secondText = "";

  public AccessLines(AccessLog log) {
    this.log = log;
  }

  /// One line.
  ///
  /// @param status as sent; 499 when the caller left before there was one
  /// @param trace the id of the trace it belongs to; null = none is known
  /// @param client the caller's address as text
  /// @param nanos from the complete head to the end of the exchange
  public void add(
      RequestHead head,
      AccessEntry entry,
      @Nullable String trace,
      String client,
      int status,
      long bytesIn,
      long bytesOut,
      long nanos) {
    log.counts().add(entry.route(), status, nanos);
    if (!log.writes()) {
      return;
    }
    lines.raw("{\"time\":\"");
    time(head.receivedMillis());
    lines.raw("\",\"site\":").string(head.host()).raw(",\"client\":").string(client);
    lines.raw(",\"key_id\":").string(entry.keyId()).raw(",\"method\":").string(head.method());
    lines.raw(",\"route\":").string(entry.route()).raw(",\"status\":").number(status);
    lines.raw(",\"reason\":").string(entry.reason()).raw(",\"event\":").string(entry.event());
    lines.raw(",\"bytes_in\":").number(bytesIn).raw(",\"bytes_out\":").number(bytesOut);
    long micros = nanos / 1000;
    lines.raw(",\"ms\":").number(micros / 1000).raw(".").padded(micros % 1000, 3);
    lines.raw(",\"request_id\":").string(head.id());
    lines.raw(",\"trace_id\":").string(trace).raw("}\n");
    count++;
    if (lines.length() >= BATCH_BYTES) {
      flush();
    }
  }

  /// Hands over what there is.
  public void flush() {
    if (count > 0) {
      log.offer(lines.toArray(), count);
      lines.clear();
      count = 0;
    }
  }

  private void time(long millis) {
    long now = Math.floorDiv(millis, 1000L);
    if (now != second) {
      second = now;
      secondText = SECOND.format(Instant.ofEpochSecond(now));
    }
    lines.raw(secondText).padded(millis - now * 1000, 3).raw("Z");
  }
}
