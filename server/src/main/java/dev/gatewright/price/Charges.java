package dev.gatewright.price;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Hold;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// By which price a call is opened. Reads memory alone; for event loops.
public final class Charges {
  /// Where nothing has a price.
  public static final Charges NONE = new Charges(() -> PriceBook.EMPTY, _ -> null, () -> false);

  /// Reserved for a call that names no cap, where the price does not say what a model can write.
  private static final long OUTPUT_TOKENS = 32_768;

  /// What a picture or a page of a document comes to at most likely.
  private static final long ATTACHMENT_TOKENS = 4_096;

  private final Supplier<PriceBook> book;
  private final Function<String, @Nullable String> wallets;
  private final BooleanSupplier allowUnpriced;

  /// @param wallets the purse that pays for an organization; null = it has none
  /// @param allowUnpriced who has a wallet may call what has no price
  public Charges(
      Supplier<PriceBook> book,
      Function<String, @Nullable String> wallets,
      BooleanSupplier allowUnpriced) {
    this.book = book;
    this.wallets = wallets;
    this.allowUnpriced = allowUnpriced;
  }

  /// The purse that pays where the platform's credential does; null = none.
  public @Nullable String wallet(String organizationId) {
    return wallets.apply(organizationId);
  }

  /// Who has a wallet may call what has no price.
  public boolean allowUnpriced() {
    return allowUnpriced.getAsBoolean();
  }

  /// The same with so much kept aside: the most it may come to by what is known before it is sent.
  /// What it costs beyond that, nobody is charged for.
  ///
  /// @param bytes of the request; no token is less than one
  /// @param inputTokens estimated, attachments included
  /// @param outputCap the caller's; negative = none
  /// @param choices answers asked for; at least 1 counts
  public Charge reserved(
      Charge charge, String purse, long bytes, long inputTokens, long outputCap, long choices) {
    PriceVersion version = book.get().version(charge.version());
    if (version == null) {
      return charge;
    }
    PriceEntry entry = version.entry();
    long known = entry.output() > 0 ? entry.output() : OUTPUT_TOKENS;
    long output = (outputCap >= 0 ? outputCap : known) * Math.max(1, choices);
    long input = Math.max(bytes, inputTokens / 1_000 * ATTACHMENT_TOKENS);
    long most = Math.min(Reservation.most(entry, input, output), Hold.NANO_MAX);
    return new Charge(charge.version(), charge.conditions(), true, List.of(new Hold(purse, most)));
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
