package dev.gatewright.price;

import dev.gatewright.ledger.Charge;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// By which price a call is opened. Reads memory alone; for event loops.
public final class Charges {
  /// Where nothing has a price.
  public static final Charges NONE = new Charges(() -> PriceBook.EMPTY);

  private final Supplier<PriceBook> book;

  public Charges(Supplier<PriceBook> book) {
    this.book = book;
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
