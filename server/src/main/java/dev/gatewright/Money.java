package dev.gatewright;

import dev.gatewright.budget.BudgetCounts;
import dev.gatewright.budget.BudgetPurseStore;
import dev.gatewright.budget.Budgets;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.price.Prices;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.price.fare.Pricer;
import dev.gatewright.price.fare.UnpricedCalls;
import dev.gatewright.store.Database;
import dev.gatewright.store.Lane;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.wallet.BornWallets;
import dev.gatewright.wallet.Wallets;
import dev.gatewright.webhook.AuditTold;

/// What calls cost, who pays, and where it is written: the wiring of it. Immutable.
record Money(
    Wallets wallets, Prices prices, Budgets budgets, Ledger ledger, String platformOrganization) {
  /// @param closing closes the ledger
  static Money start(
      Database database,
      ChangeFeed feed,
      Keys keys,
      ServerConfig config,
      Closing closing,
      Time time) {
    tellChanges(database, feed, keys, config);
    Wallets wallets = Wallets.start(database.on(Lane.LOOK_UPS), feed);
    Prices prices = Prices.start(database, feed, config.prices(), time);
    Budgets budgets = Budgets.start(database.on(Lane.LOOK_UPS), feed);
    Ledger ledger =
        closing.add(
            Ledger.start(
                database,
                time,
                new Pricer(prices::book),
                new BudgetPurseStore(),
                new BudgetCounts(budgets, time)));
    String platform = keys.first().owner().organizationId();
    return new Money(wallets, prices, budgets, ledger, platform);
  }

  /// What audit links cause, in their transactions.
  private static void tellChanges(
      Database database, ChangeFeed feed, Keys keys, ServerConfig config) {
    if (!config.billing().required()) {
      keys.audit().listen(AuditTold::tell);
      return;
    }
    BornWallets born = BornWallets.start(database, feed, keys.first().owner().organizationId());
    keys.audit()
        .listen((handle, link) -> {
          AuditTold.tell(handle, link);
          born.appended(handle, link);
        });
  }

  /// What a call to a model sets aside.
  Charges charges() {
    return new Charges(
        prices::book,
        wallets::purseOf,
        budgets,
        new UnpricedCalls(prices::allowUnpriced, platformOrganization),
        wallets::inDebt);
  }
}
