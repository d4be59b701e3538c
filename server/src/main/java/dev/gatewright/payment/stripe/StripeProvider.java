package dev.gatewright.payment.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.payment.PaymentProvider;
import dev.gatewright.payment.PaymentsConfig;
import dev.gatewright.payment.Topup;
import dev.gatewright.payment.stripe.StripeClient.Reply;
import dev.gatewright.relay.fetch.Fetch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Cards by Stripe: Checkout where somebody is there, payment intents where nobody is.
public final class StripeProvider implements PaymentProvider {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NANO_PER_CENT = 10_000_000;

  /// Ids that are about to stand in a path.
  private static final Pattern INTENT = Pattern.compile("pi_[A-Za-z0-9_]{1,250}");

  /// Declines after which a card is not asked again (docs.stripe.com/declines/codes; Visa's and
  /// Mastercard's rules count each try after them).
  private static final Set<String> NEVER =
      Set.of(
          "authentication_required",
          "card_not_supported",
          "expired_card",
          "fraudulent",
          "incorrect_number",
          "invalid_account",
          "lost_card",
          "merchant_blacklist",
          "pickup_card",
          "restricted_card",
          "resource_missing",
          "revocation_of_all_authorizations",
          "revocation_of_authorization",
          "stolen_card",
          "stop_payment_order",
          "transaction_not_allowed");

  private final PaymentsConfig.Stripe config;
  private final StripeClient client;

  public StripeProvider(PaymentsConfig.Stripe config, Fetch fetch) {
    this.config = config;
    this.client = new StripeClient(config, fetch);
  }

  @Override
  public Outcome<Page> begin(Topup topup, @Nullable Payer payer, String back) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("mode", "payment");
    form.put("client_reference_id", topup.id());
    form.put("line_items[0][quantity]", "1");
    form.put("line_items[0][price_data][currency]", "usd");
    form.put("line_items[0][price_data][unit_amount]", cents(topup.nano()));
    form.put("line_items[0][price_data][product_data][name]", "Credit");
    form.put("metadata[topup]", topup.id());
    form.put("payment_intent_data[metadata][topup]", topup.id());
    form.put("payment_intent_data[setup_future_usage]", "off_session");
    if (payer == null) {
      form.put("customer_creation", "always");
    } else {
      form.put("customer", payer.customer());
    }
    form.put("success_url", back + "?topup=" + topup.id());
    form.put("cancel_url", back);
    Reply reply = client.post("/v1/checkout/sessions", form, topup.id());
    String url = reply.body().path("url").asText("");
    return reply.good() && !url.isEmpty()
        ? new Outcome.Good<>(new Page(reply.body().path("id").asText(), url))
        : failed(reply);
  }

  @Override
  public Outcome<Payment> charge(Topup topup, Payer payer) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("amount", cents(topup.nano()));
    form.put("currency", "usd");
    form.put("customer", payer.customer());
    form.put("payment_method", payer.method());
    form.put("confirm", "true");
    form.put("off_session", "true");
    // Without it an intent that wants a person stays, and keeps the next one from being tried.
    form.put("error_on_requires_action", "true");
    form.put("metadata[topup]", topup.id());
    form.put("expand[0]", "latest_charge");
    Reply reply = client.post("/v1/payment_intents", form, topup.id());
    return reply.good() ? payment(reply.body()) : failed(reply);
  }

  @Override
  public Outcome<Payment> fetch(String reference) {
    if (!INTENT.matcher(reference).matches()) {
      return new Outcome.Refused<>("no_payment", true);
    }
    Reply reply = client.get("/v1/payment_intents/" + reference + "?expand[]=latest_charge");
    return reply.good() ? payment(reply.body()) : failed(reply);
  }

  @Override
  public Outcome<List<Payment>> find(Topup topup) {
    String path;
    String list;
    if (topup.sessionId().matches("cs_[A-Za-z0-9_]{1,250}")) {
      path = "/v1/checkout/sessions/" + topup.sessionId();
      list = "";
    } else {
      String query = "metadata['topup']:'" + topup.id() + "'";
      path = "/v1/payment_intents/search?query=" + StripeClient.encoded(query);
      list = "/data";
    }
    Reply reply = client.get(path);
    if (!reply.good()) {
      return failed(reply);
    }
    List<Payment> found = new ArrayList<>();
    for (JsonNode each : list.isEmpty() ? List.of(reply.body()) : reply.body().at(list)) {
      String id = each.path(list.isEmpty() ? "payment_intent" : "id").asText("");
      if (!id.isEmpty() && !id.equals("null")) {
        switch (fetch(id)) {
          case Outcome.Good<Payment>(Payment payment) -> found.add(payment);
          case Outcome.Refused<Payment> refused -> {
            return new Outcome.Refused<>(refused.code(), refused.never());
          }
          case Outcome.Unknown<Payment> unknown -> {
            return new Outcome.Unknown<>(unknown.problem());
          }
        }
      }
    }
    boolean expired = reply.body().path("status").asText().equals("expired");
    return expired && found.isEmpty()
        ? new Outcome.Refused<>("expired", true)
        : new Outcome.Good<>(found);
  }

  @Override
  public Outcome<String> refund(String intentId, long nano, String id) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("payment_intent", intentId);
    form.put("amount", cents(nano));
    form.put("metadata[refund]", id);
    Reply reply = client.post("/v1/refunds", form, id);
    if (!reply.good()) {
      return failed(reply);
    }
    return stands(reply.body())
        ? new Outcome.Good<>(reply.body().path("id").asText())
        : new Outcome.Refused<>(reply.body().path("failure_reason").asText("refund_failed"), false);
  }

  @Override
  public Outcome<List<String>> findRefund(String intentId, String id) {
    if (!INTENT.matcher(intentId).matches()) {
      return new Outcome.Refused<>("no_payment", true);
    }
    Reply reply = client.get("/v1/refunds?limit=100&payment_intent=" + intentId);
    if (!reply.good()) {
      return failed(reply);
    }
    List<String> found = new ArrayList<>();
    for (JsonNode each : reply.body().path("data")) {
      if (each.at("/metadata/refund").asText().equals(id) && stands(each)) {
        found.add(each.path("id").asText());
      }
    }
    return new Outcome.Good<>(found);
  }

  /// It was made or is on its way.
  private static boolean stands(JsonNode refund) {
    String status = refund.path("status").asText("succeeded");
    return !status.equals("failed") && !status.equals("canceled");
  }

  @Override
  public @Nullable Notice verify(
      Function<String, List<String>> headers, byte[] body, long nowMillis) {
    List<String> signatures = headers.apply("stripe-signature");
    if (signatures.size() != 1
        || !StripeSignature.good(signatures.getFirst(), body, config.webhookSecrets(), nowMillis)) {
      return null;
    }
    try {
      JsonNode event = JSON.readTree(body);
      String id = event.path("id").asText("");
      JsonNode object = event.at("/data/object");
      String reference =
          object.path("object").asText().equals("payment_intent")
              ? object.path("id").asText("")
              : object.path("payment_intent").isTextual()
                  ? object.path("payment_intent").asText()
                  : object.at("/payment_intent/id").asText("");
      return id.isEmpty() || id.length() > 255 || reference.length() > 255
          ? null
          : new Notice(id, event.path("type").asText(""), reference);
    } catch (IOException unreadable) {
      return null;
    }
  }

  /// Reads a payment intent with its latest charge, and asks for its disputes where there are some.
  private Outcome<Payment> payment(JsonNode intent) {
    String id = intent.path("id").asText();
    if (!intent.path("currency").asText("usd").equals("usd")) {
      return new Outcome.Refused<>("currency", true);
    }
    JsonNode charge = intent.path("latest_charge");
    long disputed = 0;
    if (charge.path("disputed").asBoolean() || charge.path("dispute").isTextual()) {
      Reply disputes = client.get("/v1/disputes?limit=100&payment_intent=" + id);
      if (!disputes.good()) {
        return failed(disputes);
      }
      for (JsonNode dispute : disputes.body().path("data")) {
        // What a dispute took and gave back, without its fee; an inquiry (warning_…) takes nothing.
        for (JsonNode moved : dispute.path("balance_transactions")) {
          disputed -= moved.path("amount").asLong() * NANO_PER_CENT;
        }
      }
    }
    State state =
        switch (intent.path("status").asText()) {
          case "succeeded" -> State.PAID;
          case "canceled" -> State.FAILED;
          default -> State.OPEN;
        };
    String customer = intent.path("customer").asText("");
    String method = intent.path("payment_method").asText("");
    boolean again =
        intent.path("setup_future_usage").asText().equals("off_session")
            && customer.startsWith("cus_")
            && method.startsWith("pm_");
    return new Outcome.Good<>(
        new Payment(
            id,
            intent.at("/metadata/topup").asText(""),
            state,
            state == State.PAID ? intent.path("amount_received").asLong() * NANO_PER_CENT : 0,
            charge.path("amount_refunded").asLong() * NANO_PER_CENT,
            Math.max(0, disputed),
            again ? new Payer(customer, method) : null));
  }

  private static <T> Outcome<T> failed(Reply reply) {
    if (reply.unknown() || reply.good()) {
      return new Outcome.Unknown<>(reply.problem());
    }
    JsonNode error = reply.body().path("error");
    String decline = error.path("decline_code").asText("");
    String code = decline.isEmpty() ? error.path("code").asText("refused") : decline;
    return new Outcome.Refused<>(code, NEVER.contains(code));
  }

  private static String cents(long nano) {
    return Long.toString(nano / NANO_PER_CENT);
  }
}
