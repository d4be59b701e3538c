package dev.gatewright.ledger.purse;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one step of projection makes of settled attempts: one transfer a wallet, and what purses
/// had settled becomes posted. Confined to one transaction.
public final class Postings {
  /// In the books, for what the gate does by itself.
  private static final String ACTOR = "system";

  private final Map<String, Posted> purses = new TreeMap<>();

  /// What counts beside the purses.
  private final List<Counting.Priced> priced = new ArrayList<>();

  /// By organization.
  private final Map<String, Long> beyond = new TreeMap<>();

  /// @param settled what its closes settled
  /// @param held what nobody closed and is still kept aside
  /// @param direct what that came to
  record Posted(String organizationId, long settled, long held, long direct) {
    Posted plus(Posted other) {
      return new Posted(
          organizationId, settled + other.settled, held + other.held, direct + other.direct);
    }

    long spent() {
      return settled + direct;
    }
  }

  public boolean isEmpty() {
    return purses.isEmpty() && priced.isEmpty();
  }

  /// An attempt whose close settled its purses.
  public void closed(Opening opening, Cost cost) {
    add(opening, cost, false);
  }

  /// An attempt that nobody closed: its purses still keep its holds.
  public void interrupted(Opening opening, Cost cost) {
    add(opening, cost, true);
  }

  private void add(Opening opening, Cost cost, boolean open) {
    Charge charge = opening.charge();
    if (charge == null) {
      return;
    }
    if (!cost.unpriced()) {
      priced.add(new Counting.Priced(opening, cost));
    }
    String organization = opening.tenant().organizationId();
    for (Hold hold : charge.holds()) {
      long spent = hold.spent(cost);
      purses.merge(
          hold.purse(),
          open
              ? new Posted(organization, 0, hold.nano(), spent)
              : new Posted(organization, spent, 0, 0),
          (before, more) -> before.plus(more));
      if (hold.wallet() && cost.billed() > spent) {
        beyond.merge(organization, cost.billed() - spent, Long::sum);
      }
    }
  }

  /// What calls cost beyond what was held for them.
  public long beyondNano() {
    return beyond.values().stream().mapToLong(Long::longValue).sum();
  }

  List<Counting.Priced> priced() {
    return priced;
  }

  Map<String, Posted> purses() {
    return purses;
  }

  /// @param of what they are for: an instance and a place in its log, the same whoever posts it
  List<Transfer> transfers(String of, long nowMillis) {
    List<Transfer> transfers = new ArrayList<>();
    purses.forEach((purse, posted) -> {
      if (purse.startsWith(Hold.WALLET) && posted.spent() > 0) {
        transfers.add(
            new Transfer(
                posted.organizationId(),
                "usage",
                purse,
                Accounts.REVENUE,
                posted.spent(),
                "usage:%s:%s".formatted(of, purse),
                "",
                ACTOR,
                nowMillis));
      }
    });
    beyond.forEach((organization, nano) ->
        transfers.add(
            new Transfer(
                organization,
                "writeoff",
                Accounts.WRITEOFF,
                Accounts.REVENUE,
                nano,
                "writeoff:%s:%s".formatted(of, organization),
                "",
                ACTOR,
                nowMillis)));
    return transfers;
  }
}
