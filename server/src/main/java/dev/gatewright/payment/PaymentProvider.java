package dev.gatewright.payment;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who takes cards. Blocks; thread-safe.
public interface PaymentProvider {
  /// What an act came to.
  ///
  /// @param <T> what it yields
  sealed interface Outcome<T> {
    record Good<T>(T value) implements Outcome<T> {}

    /// It was refused for good; the same again changes nothing.
    ///
    /// @param code of the provider, such as `insufficient_funds`
    /// @param never the card will not do, today or tomorrow
    record Refused<T>(String code, boolean never) implements Outcome<T> {}

    /// Nobody knows whether it was done: the same again, with the same id, finds out.
    record Unknown<T>(String problem) implements Outcome<T> {}
  }

  /// Where somebody pays.
  record Page(String id, String url) {}

  /// Whose card is charged while nobody is there.
  record Payer(String customer, String method) {}

  /// A payment as it stands now.
  ///
  /// @param intentId the provider's
  /// @param topupId ours, as we gave it when it was begun; empty = it is none of ours
  /// @param received nano-USD, tax included; 0 until it is paid
  /// @param refunded of that, ever
  /// @param disputed of that, by disputes that took money and did not give it back
  /// @param payer null = none that may be charged again
  record Payment(
      String intentId,
      String topupId,
      State state,
      long received,
      long refunded,
      long disputed,
      @Nullable Payer payer) {}

  /// How far it is.
  enum State {
    PAID,
    OPEN,
    FAILED
  }

  /// What the provider sends, once its signature is good.
  ///
  /// @param reference of the payment it is about; empty = it is about something else
  record Notice(String id, String type, String reference) {}

  /// Makes a page on which somebody pays.
  ///
  /// @param payer who paid before; null = nobody has
  /// @param back where people come back to
  Outcome<Page> begin(Topup topup, @Nullable Payer payer, String back);

  /// Charges a card while nobody is there.
  Outcome<Payment> charge(Topup topup, Payer payer);

  /// @param reference an intent's id
  Outcome<Payment> fetch(String reference);

  /// The payment that was begun for one of ours; null in it = there is none.
  Outcome<List<Payment>> find(Topup topup);

  /// Gives back a part of a payment, once for each `id`.
  Outcome<String> refund(String intentId, long nano, String id);

  /// Those that were made for one of our ids, and not taken back by a bank since; empty = none.
  Outcome<List<String>> findRefund(String intentId, String id);

  /// @param headers values by lower-case name
  /// @return null when it is not signed, or too old
  @Nullable Notice verify(Function<String, List<String>> headers, byte[] body, long nowMillis);
}
