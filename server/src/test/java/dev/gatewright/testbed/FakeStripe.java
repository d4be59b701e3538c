package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Stripe as far as we use it, with a memory (docs.stripe.com/api, wire form 2025-06-30): sessions
/// and payment intents have states, an idempotency key answers again what it answered, and a test
/// says what card holders, banks and the network do.
final class FakeStripe implements AutoCloseable {
  static final String KEY = "sk_test_fake";
  static final String WEBHOOK_SECRET = "whsec_0123456789abcdef0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  /// A call as it came.
  record Call(String method, String path, Map<String, String> form, String key) {}

  private final HttpServer server;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<String, ObjectNode> sessions = new LinkedHashMap<>();
  private final Map<String, ObjectNode> intents = new LinkedHashMap<>();
  private final Map<String, ObjectNode> disputes = new LinkedHashMap<>();
  private final Map<String, String> answered = new LinkedHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /// Declines the next charges with this; empty = none.
  private volatile String decline = "";

  /// Refuses refunds with this; empty = none.
  private volatile String noRefunds = "";

  private final List<ObjectNode> refunds = new CopyOnWriteArrayList<>();

  /// Does what it is asked and says nothing of it, so many times.
  private final AtomicInteger lost = new AtomicInteger();

  FakeStripe() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void decline(String code) {
    decline = code;
  }

  void refuseRefunds(String code) {
    noRefunds = code;
  }

  /// Cents that were given back on demand, ever.
  long givenBack(String intent) {
    return refunds.stream()
        .filter(each -> each.path("payment_intent").asText().equals(intent))
        .mapToLong(each -> each.path("amount").asLong())
        .sum();
  }

  void loseAnswers(int count) {
    lost.set(count);
  }

  List<Call> posts(String path) {
    return calls.stream()
        .filter(each -> each.method().equals("POST") && each.path().equals(path))
        .toList();
  }

  int charges() {
    return (int)
        intents.values().stream()
            .filter(each -> each.path("status").asText().equals("succeeded"))
            .count();
  }

  /// Somebody pays a page.
  ///
  /// @param tax cents on top
  /// @return the intent's id
  synchronized String pay(String url, long tax) {
    ObjectNode session =
        sessions.values().stream()
            .filter(each -> each.path("url").asText().equals(url))
            .findFirst()
            .orElseThrow();
    long amount = session.path("amount_subtotal").asLong() + tax;
    ObjectNode intent = intent(amount, session.at("/metadata/topup").asText());
    intent.put("status", "succeeded").put("amount_received", amount);
    intent.put("customer", "cus_1").put("payment_method", "pm_1");
    intent.put("setup_future_usage", "off_session");
    session.put("status", "complete").put("payment_status", "paid");
    session.put("payment_intent", intent.path("id").asText());
    return intent.path("id").asText();
  }

  private ObjectNode intent(long amount, String topup) {
    String id = "pi_" + ids.incrementAndGet();
    ObjectNode intent = JSON.createObjectNode();
    intent.put("id", id).put("object", "payment_intent").put("currency", "usd");
    intent.put("amount", amount).put("amount_received", 0).put("status", "requires_action");
    intent.putObject("metadata").put("topup", topup);
    ObjectNode charge = intent.putObject("latest_charge");
    charge.put("id", id.replace("pi_", "ch_")).put("object", "charge");
    charge.put("amount_refunded", 0).put("disputed", false);
    intents.put(id, intent);
    return intent;
  }

  /// @param all cents that were given back, ever
  synchronized void refunded(String intent, long all) {
    charge(intent).put("amount_refunded", all);
  }

  /// @param moved cents of each movement of money: negative = taken
  synchronized void disputed(String intent, String status, long... moved) {
    charge(intent).put("disputed", true);
    ObjectNode dispute = JSON.createObjectNode();
    dispute.put("id", "dp_" + intent).put("object", "dispute").put("status", status);
    dispute.put("payment_intent", intent);
    ArrayNode transactions = dispute.putArray("balance_transactions");
    for (long each : moved) {
      transactions.addObject().put("amount", each).put("fee", 1_500);
    }
    disputes.put(intent, dispute);
  }

  private ObjectNode charge(String intent) {
    return (ObjectNode) Objects.requireNonNull(intents.get(intent)).path("latest_charge");
  }

  /// The body of an event about a payment, as Stripe sends it.
  String event(String id, String type, String intent) {
    ObjectNode event = JSON.createObjectNode();
    event.put("id", id).put("object", "event").put("type", type);
    ObjectNode object = event.putObject("data").putObject("object");
    if (type.startsWith("payment_intent.")) {
      object.put("object", "payment_intent").put("id", intent);
    } else if (type.startsWith("checkout.session.")) {
      object.put("object", "checkout.session").put("id", "cs_x").put("payment_intent", intent);
    } else if (type.startsWith("charge.dispute.")) {
      object.put("object", "dispute").put("id", "dp_x").put("payment_intent", intent);
    } else {
      object.put("object", "charge").put("id", "ch_x").put("payment_intent", intent);
    }
    return event.toPrettyString();
  }

  static String signature(String body, long atSeconds) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] digest = mac.doFinal((atSeconds + "." + body).getBytes(StandardCharsets.UTF_8));
      return "t=" + atSeconds + ",v1=" + HexFormat.of().formatHex(digest) + ",v0=00";
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getRawQuery();
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("idempotency-key"));
    Map<String, String> form = form(body.isEmpty() && query != null ? query : body);
    calls.add(new Call(exchange.getRequestMethod(), path, form, key));
    String authorization = exchange.getRequestHeaders().getFirst("authorization");
    String[] reply;
    synchronized (this) {
      if (!("Bearer " + KEY).equals(authorization)) {
        reply = new String[] {"401", "{\"error\":{\"type\":\"invalid_request_error\"}}"};
      } else if (exchange.getRequestMethod().equals("POST")) {
        String before = answered.get(key);
        reply = before == null ? post(path, form) : before.split(" ", 2);
        answered.put(key, String.join(" ", reply));
      } else {
        reply = get(path, form);
      }
    }
    if (exchange.getRequestMethod().equals("POST")
        && lost.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      reply = new String[] {"500", "{\"error\":{\"type\":\"api_error\"}}"};
    }
    byte[] bytes = reply[1].getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(Integer.parseInt(reply[0]), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, String> form(String text) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String part : text.split("&")) {
      String[] pair = part.split("=", 2);
      if (pair.length == 2) {
        form.put(
            URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
            URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  private String[] post(String path, Map<String, String> form) {
    if (path.equals("/v1/checkout/sessions")) {
      String id = "cs_" + ids.incrementAndGet();
      ObjectNode session = JSON.createObjectNode();
      session.put("id", id).put("object", "checkout.session").put("status", "open");
      session.put("url", url() + "/pay/" + id).put("payment_status", "unpaid");
      session.putNull("payment_intent");
      session.put(
          "amount_subtotal", Long.parseLong(form.get("line_items[0][price_data][unit_amount]")));
      session.putObject("metadata").put("topup", form.get("metadata[topup]"));
      sessions.put(id, session);
      return new String[] {"200", session.toString()};
    }
    if (path.equals("/v1/payment_intents")) {
      if (!decline.isEmpty()) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("type", "card_error").put("code", "card_declined");
        ((ObjectNode) error.path("error")).put("decline_code", decline);
        return new String[] {"402", error.toString()};
      }
      long amount = Long.parseLong(form.get("amount"));
      ObjectNode intent = intent(amount, Objects.requireNonNull(form.get("metadata[topup]")));
      intent.put("status", "succeeded").put("amount_received", amount);
      intent.put("customer", form.get("customer"));
      intent.put("payment_method", form.get("payment_method"));
      return new String[] {"200", intent.toString()};
    }
    if (path.equals("/v1/refunds")) {
      String id = Objects.requireNonNull(form.get("payment_intent"));
      long amount = Long.parseLong(form.get("amount"));
      long before = charge(id).path("amount_refunded").asLong();
      long received = Objects.requireNonNull(intents.get(id)).path("amount_received").asLong();
      if (!noRefunds.isEmpty() || amount > received - before) {
        String code = noRefunds.isEmpty() ? "charge_already_refunded" : noRefunds;
        return new String[] {"400", "{\"error\":{\"code\":\"%s\"}}".formatted(code)};
      }
      charge(id).put("amount_refunded", before + amount);
      ObjectNode refund = JSON.createObjectNode().put("id", "re_" + ids.incrementAndGet());
      refund.put("object", "refund").put("status", "succeeded").put("amount", amount);
      refund.put("payment_intent", id);
      refund.putObject("metadata").put("refund", form.get("metadata[refund]"));
      refunds.add(refund);
      return new String[] {"200", refund.toString()};
    }
    return missing();
  }

  private String[] get(String path, Map<String, String> query) {
    String id = path.substring(path.lastIndexOf('/') + 1);
    if (path.equals("/v1/disputes")) {
      ObjectNode list = JSON.createObjectNode().put("object", "list");
      ArrayNode data = list.putArray("data");
      ObjectNode dispute = disputes.get(query.get("payment_intent"));
      if (dispute != null) {
        data.add(dispute);
      }
      return new String[] {"200", list.toString()};
    }
    if (path.equals("/v1/refunds")) {
      ObjectNode list = JSON.createObjectNode().put("object", "list");
      ArrayNode data = list.putArray("data");
      refunds.stream()
          .filter(each -> each.path("payment_intent").asText().equals(query.get("payment_intent")))
          .forEach(data::add);
      return new String[] {"200", list.toString()};
    }
    if (path.equals("/v1/payment_intents/search")) {
      ObjectNode list = JSON.createObjectNode().put("object", "search_result");
      ArrayNode data = list.putArray("data");
      intents.values().stream()
          .filter(each ->
              Objects.requireNonNull(query.get("query"))
                  .contains(each.at("/metadata/topup").asText()))
          .forEach(data::add);
      return new String[] {"200", list.toString()};
    }
    ObjectNode found = path.startsWith("/v1/checkout/") ? sessions.get(id) : intents.get(id);
    return found == null ? missing() : new String[] {"200", found.toString()};
  }

  private static String[] missing() {
    return new String[] {"404", "{\"error\":{\"code\":\"resource_missing\"}}"};
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
