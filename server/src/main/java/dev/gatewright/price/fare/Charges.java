package dev.gatewright.price.fare;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Rung;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.price.book.PriceBook;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.book.PriceVersion;
import dev.gatewright.price.fare.HardBudgets.BudgetWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// By which price a call is opened. Reads memory alone; for event loops.
public final class Charges {
  /// Where nothing has a price.
  public static final Charges NONE =
      new Charges(
          () -> PriceBook.EMPTY, _ -> null, HardBudgets.NONE, UnpricedCalls.NEVER, _ -> false);

  private static final String NOTHING = "free";

  /// Of what costs nothing because nobody gave it a price: a service of one's own.
  public static final Charge FREE = new Charge("", NOTHING, false, List.of());

  private final Supplier<PriceBook> book;
  private final Function<String, @Nullable String> wallets;
  private final HardBudgets budgets;
  private final UnpricedCalls unpriced;
  private final Predicate<String> debtors;
  private final Pricer pricer;

  /// @param wallets the purse that pays for an organization; null = it has none
  /// @param budgets what else stands behind a call
  /// @param unpriced who may call what has no price
  /// @param debtors organizations that owe something
  public Charges(
      Supplier<PriceBook> book,
      Function<String, @Nullable String> wallets,
      HardBudgets budgets,
      UnpricedCalls unpriced,
      Predicate<String> debtors) {
    this.book = book;
    this.wallets = wallets;
    this.budgets = budgets;
    this.unpriced = unpriced;
    this.debtors = debtors;
    this.pricer = new Pricer(book);
  }

  /// Whom credit or a hard budget limits may still call what has no price.
  public UnpricedCalls unpriced() {
    return unpriced;
  }

  /// What can run out behind a call that goes out with this credential.
  ///
  /// @param personId `per_…` of the key's owner; null = a key that belongs to no person
  /// @param rung whose credential it goes out with; a wallet pays for the platform's alone
  public Behind behind(
      Tenant tenant, String keyId, @Nullable String personId, Rung rung, long atMillis) {
    return new Behind(
        rung == Rung.PLATFORM ? wallets.apply(tenant.organizationId()) : null,
        budgets.behind(tenant, keyId, personId, atMillis));
  }

  /// A price with so much kept aside: the most it may come to by what is known before it is sent.
  public Reserved reserved(Charge charge, Behind behind, Demand demand) {
    return new Reserved(charge(charge, behind, demand), behind.windows(), demand);
  }

  private Charge charge(Charge charge, Behind behind, Demand demand) {
    PriceVersion version = book.get().version(charge.version());
    if (version == null || !behind.limits()) {
      return charge;
    }
    String wallet = behind.wallet();
    long most = demand.most(version.entry());
    List<Hold> holds = new ArrayList<>(behind.windows().size() + 1);
    if (wallet != null) {
      holds.add(new Hold(wallet, most));
    }
    for (BudgetWindow window : behind.windows()) {
      holds.add(new Hold(window.purse(), most));
    }
    return new Charge(charge.version(), charge.conditions(), wallet != null, holds);
  }

  /// What a call gets as its output cap that names none: what its model can write, as its price
  /// says, and no more than is reserved for it in any case.
  public long outputCap(Charge charge) {
    PriceVersion version = book.get().version(charge.version());
    return version == null ? Demand.OUTPUT_TOKENS : Demand.outputOf(version.entry());
  }

  /// The fields of a request that cost nothing beside its meters, and the meters there are; null =
  /// nothing is known of its price.
  public @Nullable PriceEntry entry(Charge charge) {
    PriceVersion version = book.get().version(charge.version());
    return version == null ? null : version.entry();
  }

  /// What an attempt has come to by what is known of it, in nano-USD; null = what it cost is not
  /// known.
  public @Nullable Long costNano(Opening opening, Outcome.Usage usage) {
    Cost cost = opening.charge() == null ? Cost.UNPRICED : pricer.of(opening, usage);
    return cost.unpriced() ? null : (Long) cost.nano();
  }

  /// What a call costs whose price depends on nothing its answer says, in nano-USD: a fee a
  /// request, and all else for nothing; null = it depends.
  public @Nullable Long fixedNano(Charge charge) {
    PriceVersion version = book.get().version(charge.version());
    return version == null ? null : version.entry().fixedNano();
  }

  /// How many tokens of output a purse with so much room has room for; negative = not even the
  /// request has room.
  public long fits(Reserved asked, long roomNano) {
    PriceVersion version = book.get().version(asked.charge().version());
    return version == null ? -1 : asked.demand().fits(version.entry(), roomNano);
  }

  /// What a caller is told for whom a purse had no room.
  public Broke broke(Reserved asked, InsufficientFunds cause, String organizationId) {
    return Broke.of(
        cause, asked.windows(), fits(asked, cause.roomNano()), debtors.test(organizationId));
  }

  /// Whether an attempt costs nothing, whatever it uses.
  static boolean free(Charge charge) {
    return charge.version().isEmpty() && charge.conditions().equals(NOTHING);
  }

  /// What a target costs at a moment, for rules that ask; null = it has no price.
  ///
  /// @param listed as [#of]
  public @Nullable ListedPrice listed(String target, @Nullable String listed, long atMillis) {
    return book.get().listed(target, listed, atMillis);
  }

  /// There is not a single price.
  public boolean none() {
    return book.get().isEmpty();
  }

  /// What an attempt is priced by, nothing kept aside; null = it has no price.
  ///
  /// @param target `provider/model` or `service/path`
  /// @param listed the same as the catalogue has it; null = the catalogue does not apply
  /// @param tier the service tier it asks for; empty = none
  public @Nullable Charge of(String target, @Nullable String listed, String tier, long atMillis) {
    PriceVersion version = book.get().find(target, listed, atMillis);
    if (version == null) {
      return null;
    }
    boolean ordinary = tier.isEmpty() || tier.equals("auto") || tier.equals("standard_only");
    Conditions conditions = ordinary ? Conditions.NONE : new Conditions(tier, "");
    return new Charge(version.id(), conditions.text(), false, List.of());
  }
}
