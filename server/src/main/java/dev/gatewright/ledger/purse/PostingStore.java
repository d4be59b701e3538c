package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.Hold;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// SQL that posts what was settled: purses first, then accounts, then lots.
public final class PostingStore {
  private PostingStore() {}

  /// @param of what it is for, the same whoever posts it
  public static void post(Handle handle, Postings postings, String of, long nowMillis) {
    for (Map.Entry<String, Postings.Posted> each : postings.purses().entrySet()) {
      Postings.Posted posted = each.getValue();
      handle.execute(
          """
          UPDATE purse SET room = room + ? - ?, held = held - ?, unposted = unposted - ?,
            posted = posted + ?
          WHERE id = ?\
          """,
          posted.held(),
          posted.direct(),
          posted.held(),
          posted.settled(),
          posted.spent(),
          each.getKey());
    }
    List<Transfer> transfers = postings.transfers(of, nowMillis);
    if (transfers.isEmpty()) {
      return;
    }
    TransferStore.post(handle, transfers);
    for (Transfer transfer : transfers) {
      if (transfer.debit().startsWith(Hold.WALLET)) {
        LotStore.use(handle, transfer.debit(), transfer.nano());
      }
    }
  }
}
