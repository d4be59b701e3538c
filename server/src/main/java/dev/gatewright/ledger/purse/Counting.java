package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Opening;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Counts what attempts have cost beside the purses, each attempt once: in the transaction that
/// makes rows of them.
@FunctionalInterface
public interface Counting {
  /// Counts nothing.
  Counting NONE = (_, _) -> {};

  /// An attempt that had a price when it was opened.
  record Priced(Opening opening, Cost cost) {}

  /// Behind the purses, whose locks come first.
  void count(Handle handle, List<Priced> attempts);
}
