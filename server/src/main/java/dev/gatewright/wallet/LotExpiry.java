package dev.gatewright.wallet;

import dev.gatewright.job.Rounds;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.LotStore;
import dev.gatewright.ledger.purse.LotStore.Lot;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Takes back credit whose time is over, once a minute: never what a call under way holds or has
/// just used, which goes first; what of that comes back is taken in a later round. Any replica may
/// do it, and none does it twice. Thread-safe.
public final class LotExpiry implements AutoCloseable {
  private static final int LOTS_MAX = 100;

  private final Database database;
  private final Time time;
  private final Rounds rounds = new Rounds();

  LotExpiry(Database database, Time time) {
    this.database = database;
    this.time = time;
  }

  public static LotExpiry start(Database database, Time time) {
    LotExpiry expiry = new LotExpiry(database, time);
    expiry.rounds.start(
        "credit-expiry",
        Duration.ofMinutes(1),
        "expired credit could not be taken back",
        expiry::round);
    return expiry;
  }

  void round() {
    long now = time.millis();
    for (Lot lot : database.read(handle -> ExpiryStore.due(handle, now, LOTS_MAX))) {
      database.write(handle -> expire(handle, lot, now));
    }
  }

  private static boolean expire(Handle handle, Lot seen, long now) {
    // The purse's lock first: no call of this wallet is taken or settled meanwhile.
    long free = ExpiryStore.locked(handle, seen.wallet());
    Lot lot = ExpiryStore.find(handle, seen.id()).orElse(seen);
    long take = Math.min(Math.max(0, lot.rest() - ExpiryStore.spoken(handle, seen.wallet())), free);
    if (take <= 0 || !WalletStore.takeRoom(handle, lot.organizationId(), take)) {
      return false;
    }
    TransferStore.post(
        handle,
        List.of(
            new Transfer(
                lot.organizationId(),
                "expiry",
                lot.wallet(),
                Accounts.EXPIRED,
                take,
                "expiry:%s:%s".formatted(lot.id(), UUID.randomUUID()),
                "",
                "system",
                now)));
    LotStore.use(handle, lot, take);
    return true;
  }

  @Override
  public void close() {
    rounds.close();
  }
}
