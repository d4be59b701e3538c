package dev.gatewright.edge;

import dev.gatewright.telemetry.LogIds;
import org.slf4j.Logger;

/// What went wrong here while an exchange was served: one line, with the ids by which its other
/// lines are found.
public final class FaultLog {
  private FaultLog() {}

  /// @param what such as `the call failed`
  public static void write(Logger log, Exchange exchange, String what, Throwable bug) {
    String id = exchange.request().id();
    log.atError()
        .setCause(bug)
        .addKeyValue(LogIds.REQUEST, id)
        .addKeyValue(LogIds.TRACE, exchange.trace().id())
        .log("{}: {}", id, what);
  }
}
