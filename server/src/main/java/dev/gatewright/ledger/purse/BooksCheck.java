package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.purse.BooksStore.Account;
import dev.gatewright.ledger.purse.BooksStore.Entry;
import dev.gatewright.ledger.purse.BooksStore.Purse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/// Computes every account, purse, lot and chain again, and says what differs. Reads one snapshot.
public final class BooksCheck {
  private static final int PAGE = 5_000;

  /// More of them say nothing new.
  private static final int DIFFERENCES_MAX = 1_000;

  private final List<String> differences = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /// What calls took from each wallet, by its transfers.
  private final Map<String, Long> used = new TreeMap<>();

  /// What was found.
  ///
  /// @param differences empty = all is well
  /// @param unknown windows that could not be held against what they were given, since a replica of
  ///   an older version made or changed them
  public record Found(List<String> differences, List<String> unknown) {
    public Found {
      differences = List.copyOf(differences);
      unknown = List.copyOf(unknown);
    }
  }

  /// What the attempt logs say of purses.
  ///
  /// @param held of open attempts
  /// @param unposted settled and not yet projected
  public record Logged(Map<String, Long> held, Map<String, Long> unposted) {}

  /// What all of a purse comes to, which is not a wallet: within which bounds.
  public record Limit(long least, long most) {}

  /// @param limits of purses that are no wallets, as far as they are known
  public Found found(Handle handle, Logged logged, Map<String, Limit> limits) {
    Map<String, Long> balances = new TreeMap<>();
    Map<String, Account> ends = chains(handle, balances);
    long sum = 0;
    Map<String, Long> accounts = new TreeMap<>();
    for (Account account : BooksStore.accounts(handle)) {
      sum += account.balance();
      accounts.put(account.id(), account.balance());
      expect(
          account.id() + ": balance", balances.getOrDefault(account.id(), 0L), account.balance());
      Account end = ends.get(account.id());
      expect(account.id() + ": chain's end", end == null ? 0 : end.position(), account.position());
      if (end != null && !end.head().equals(account.head())) {
        add("%s: its chain ends elsewhere than the account says".formatted(account.id()));
      }
    }
    expect("all accounts", 0, sum);
    balances.keySet().stream()
        .filter(id -> !accounts.containsKey(id))
        .forEach(id -> add("%s: has transfers and no account".formatted(id)));
    purses(handle, accounts, logged, limits);
    Map<String, Long> lots = new TreeMap<>();
    BooksStore.lots(handle).forEach(lot -> lots.put(lot.id(), lot.balance()));
    accounts.forEach((id, balance) -> {
      if (id.startsWith(dev.gatewright.ledger.Hold.WALLET)) {
        expect(id + ": left of its lots", balance, lots.getOrDefault(id, 0L));
      }
    });
    return new Found(differences, unknown);
  }

  private void purses(
      Handle handle, Map<String, Long> accounts, Logged logged, Map<String, Limit> limits) {
    Map<String, Purse> known = new TreeMap<>();
    for (Purse purse : BooksStore.purses(handle)) {
      known.put(purse.id(), purse);
      if (purse.kind().equals("wallet")) {
        expect(
            purse.id() + ": room, held and unposted",
            accounts.getOrDefault(purse.id(), 0L),
            purse.room() + purse.held() + purse.unposted());
        expect(purse.id() + ": posted", used.getOrDefault(purse.id(), 0L), purse.posted());
      } else if (purse.given() != null) {
        expect(purse.id() + ": what it was given", purse.all(), purse.given());
      } else if (unknown.size() < DIFFERENCES_MAX) {
        unknown.add(purse.id());
      }
      Limit limit = limits.get(purse.id());
      long all = purse.all();
      if (limit != null && (all < limit.least() || all > limit.most())) {
        add(
            "%s: room, held, unposted and posted: %d (expected: %s)"
                .formatted(
                    purse.id(),
                    all,
                    limit.least() == limit.most()
                        ? Long.toString(limit.most())
                        : limit.least() + " to " + limit.most()));
      }
      expect(purse.id() + ": held", logged.held().getOrDefault(purse.id(), 0L), purse.held());
      expect(
          purse.id() + ": unposted",
          logged.unposted().getOrDefault(purse.id(), 0L),
          purse.unposted());
    }
    accounts.keySet().stream()
        .filter(id -> id.startsWith(dev.gatewright.ledger.Hold.WALLET) && !known.containsKey(id))
        .forEach(id -> add("%s: has an account and no purse".formatted(id)));
  }

  /// Adds up what transfers moved, and follows each organization's chain.
  ///
  /// @return the end of each, by the wallet whose account should say so
  private Map<String, Account> chains(Handle handle, Map<String, Long> balances) {
    Map<String, Account> ends = new TreeMap<>();
    String organization = "";
    long position = 0;
    String head = "";
    List<Entry> page;
    do {
      page = BooksStore.transfers(handle, organization, position, PAGE);
      for (Entry entry : page) {
        Transfer transfer = entry.transfer();
        balances.merge(transfer.debit(), -transfer.nano(), Long::sum);
        balances.merge(transfer.credit(), transfer.nano(), Long::sum);
        if (transfer.kind().equals("usage")) {
          used.merge(transfer.debit(), transfer.nano(), Long::sum);
        }
        if (!transfer.organizationId().equals(organization)) {
          organization = transfer.organizationId();
          position = 0;
          head = "";
        }
        if (entry.position() != position + 1) {
          add(
              "%s: transfers %d to %d are missing"
                  .formatted(organization, position + 1, entry.position() - 1));
        } else if (!Objects.equals(
            entry.hash(), TransferStore.hash(head, entry.id(), entry.position(), transfer))) {
          add(
              "%s: transfer %s does not follow from the one before"
                  .formatted(organization, entry.id()));
        }
        position = entry.position();
        head = entry.hash();
        String wallet = Accounts.wallet(organization);
        ends.put(wallet, new Account(wallet, 0, position, head));
      }
    } while (page.size() == PAGE);
    return ends;
  }

  private void expect(String what, long expected, long is) {
    if (expected != is) {
      add("%s: %d (expected: %d)".formatted(what, is, expected));
    }
  }

  private void add(String difference) {
    if (differences.size() < DIFFERENCES_MAX) {
      differences.add(difference);
    }
  }
}
