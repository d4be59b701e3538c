package dev.gatewright.ledger.projection;

import dev.gatewright.ledger.log.LogEntry.Closed;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Takes what attempts came to, once each: it is called in the transaction that moves the mark of
/// how far a log has been read, and what it writes there is kept or lost with that. A sink into
/// another store writes what it needs to know for later into this one, and never counts money.
@FunctionalInterface
public interface UsageSink {
  /// Blocks.
  ///
  /// @param attempts that are over
  void add(Handle handle, List<Closed> attempts);
}
