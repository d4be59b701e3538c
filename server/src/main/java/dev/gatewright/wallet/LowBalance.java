package dev.gatewright.wallet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Role;
import dev.gatewright.job.Rounds;
import dev.gatewright.ledger.Usd;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.wallet.LevelStore.Low;
import dev.gatewright.webhook.Happenings;
import java.time.Duration;
import java.util.List;

/// Says when a wallet has 20 per cent of what it had after its last credit, and when 5: by mail to
/// owners and billing members and as `balance.low`, once for each over all replicas. Takes from
/// what is there what is owed. Thread-safe.
public final class LowBalance implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int ROWS_MAX = 200;

  /// The lowest first: who fell below both is told once.
  private static final List<Integer> PERCENTS = List.of(5, 20);

  private final Database database;
  private final Notices notices;
  private final Time time;
  private final Rounds rounds = new Rounds();

  LowBalance(Database database, Notices notices, Time time) {
    this.database = database;
    this.notices = notices;
    this.time = time;
  }

  public static LowBalance start(Database database, Notices notices, Time time) {
    LowBalance watch = new LowBalance(database, notices, time);
    watch.rounds.start("low-balance", PAUSE, "wallets could not be looked at", watch::round);
    return watch;
  }

  void round() {
    for (String debtor : database.read(Debts::organizations)) {
      database.write(handle -> Debts.collect(handle, debtor, time.millis()));
    }
    for (int percent : PERCENTS) {
      for (Low low : database.read(handle -> LevelStore.low(handle, percent, ROWS_MAX))) {
        tell(low, percent);
      }
    }
  }

  private void tell(Low low, int percent) {
    database.write(handle -> {
      if (!LevelStore.told(handle, low.organizationId(), low.base(), percent)) {
        return false;
      }
      long now = time.millis();
      ObjectNode data = JsonNodeFactory.instance.objectNode();
      data.put("percent", percent);
      data.put("balance", Usd.text(low.left()));
      data.put("of", Usd.text(low.base()));
      String wallet = dev.gatewright.ledger.purse.Accounts.wallet(low.organizationId());
      Happenings.tell(handle, low.organizationId(), "balance.low", wallet, data, now);
      notices.tell(
          handle,
          low.organizationId(),
          List.of(Role.OWNER, Role.BILLING),
          "Credit runs low: %s USD of %s are left. Calls are refused once nothing is."
              .formatted(Usd.text(low.left()), Usd.text(low.base())),
          now);
      return true;
    });
  }

  @Override
  public void close() {
    rounds.close();
  }
}
