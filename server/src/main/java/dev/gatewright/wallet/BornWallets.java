package dev.gatewright.wallet;

import dev.gatewright.audit.AuditEntry;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Where credit is required, every organization but the platform owner's has a wallet from the
/// beginning: made in the transaction that makes the organization. Thread-safe.
public final class BornWallets {
  private static final Set<String> BIRTHS = Set.of("organization.create", "organization.import");

  private final ChangeFeed feed;
  private final String owner;

  private BornWallets(ChangeFeed feed, String owner) {
    this.feed = feed;
    this.owner = owner;
  }

  /// Makes those that are missing; what comes later is told by [#appended]. Blocks.
  ///
  /// @param owner the platform owner's organization
  public static BornWallets start(Database database, ChangeFeed feed, String owner) {
    BornWallets born = new BornWallets(feed, owner);
    database.write(handle -> {
      WalletStore.createMissing(handle, owner).forEach(each -> born.told(handle, each));
      return 0;
    });
    return born;
  }

  /// Hears of each audit link, in its transaction.
  public void appended(Handle handle, AuditEntry link) {
    String organization = link.tenant().organizationId();
    if (BIRTHS.contains(link.action()) && !organization.equals(owner)) {
      WalletStore.create(handle, organization);
      told(handle, organization);
    }
  }

  private void told(Handle handle, String organization) {
    feed.append(handle, Wallets.KIND, organization, Accounts.wallet(organization));
  }
}
