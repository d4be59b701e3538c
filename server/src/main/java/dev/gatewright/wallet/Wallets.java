package dev.gatewright.wallet;

import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which organizations have a wallet, for who reserves: in memory, read anew when one is made on
/// whatever replica. Thread-safe.
public final class Wallets {
  /// The feed's word for wallets.
  public static final String KIND = "wallet";

  private final Database database;
  private volatile Set<String> ids = Set.of();
  private volatile Set<String> debtors = Set.of();

  private Wallets(Database database) {
    this.database = database;
  }

  /// Blocks for a moment.
  public static Wallets start(Database database, ChangeFeed feed) {
    Wallets wallets = new Wallets(database);
    // Whoever tells has no time to read.
    Runnable later = () -> Thread.ofVirtual().name("wallets").start(wallets::load);
    feed.listen(KIND, _ -> later.run());
    feed.listenGap(later);
    wallets.load();
    return wallets;
  }

  private void load() {
    ids = database.read(WalletStore::ids);
    debtors = Set.copyOf(database.<List<String>>read(Debts::organizations));
  }

  /// Whether an organization owes something: its calls are refused for that, not for their size.
  public boolean inDebt(String organizationId) {
    return debtors.contains(organizationId);
  }

  /// The purse that pays for what an organization's calls cost with the platform's credentials;
  /// null = it has no wallet, and nothing is reserved.
  public @Nullable String purseOf(String organizationId) {
    Set<String> known = ids;
    if (known.isEmpty()) {
      return null;
    }
    String id = Accounts.wallet(organizationId);
    return known.contains(id) ? id : null;
  }
}
