package dev.gatewright.call.sink;

import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Usd;
import dev.gatewright.price.fare.Charges;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a caller is told an answer costs, by list price, whoever pays: in the head, where that is
/// known when it leaves. What is not known is never said to be 0. Confined to the call's event
/// loop.
///
/// @param opening of its row; null = there is none
/// @param usage as far as the answer has told
public record AnswerCost(Charges charges, @Nullable Opening opening, Supplier<Usage> usage) {
  /// The head of a whole answer waits for its end up to this length.
  public static final int WHOLE_BYTES_MAX = 64 * 1024;

  private static final AsciiString HEADER = AsciiString.cached("x-gatewright-cost");

  /// USD; null = not known.
  public @Nullable String usd() {
    Long nano = opening == null ? null : charges.costNano(opening, usage.get());
    return nano == null ? null : Usd.text(nano);
  }

  /// Says it at once where the request has decided it.
  public void foreknown(HttpHeaders headers) {
    Charge charge = opening == null ? null : opening.charge();
    Long nano = charge == null ? null : charges.fixedNano(charge);
    if (nano != null) {
      headers.set(HEADER, Usd.text(nano));
    }
  }

  /// Whether an answer of this head is worth waiting for, to say what it cost.
  public boolean toldBy(HttpHeaders headers, long bodyLength) {
    Charge charge = opening == null ? null : opening.charge();
    return charge != null
        && !charge.version().isEmpty()
        && bodyLength <= WHOLE_BYTES_MAX
        && !headers.contains(HEADER)
        && headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT).contains("json");
  }

  public void put(HttpHeaders headers) {
    String usd = usd();
    if (usd != null) {
      headers.set(HEADER, usd);
    }
  }
}
