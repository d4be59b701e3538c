package dev.gatewright.payment.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.payment.PaymentsConfig;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.relay.dial.DialRules;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stripe's API: forms in, JSON out, a key under which it does a thing once. Blocks; thread-safe.
final class StripeClient {
  /// The form of answers we read (docs.stripe.com/api/versioning).
  private static final String VERSION = "2025-06-30.basil";

  private static final Timeouts PHASES =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
  private static final long TOTAL_MILLIS_MAX = 40_000;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  /// Of one call: under the same key none does anything twice.
  private static final int TRIES_MAX = 3;

  private static final long PAUSE_MILLIS = 250;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PaymentsConfig.Stripe config;
  private final Fetch fetch;

  StripeClient(PaymentsConfig.Stripe config, Fetch fetch) {
    this.config = config;
    this.fetch = fetch;
  }

  /// What came of it.
  ///
  /// @param status 0 = nobody knows
  record Reply(int status, JsonNode body, String problem) {
    boolean good() {
      return status / 100 == 2;
    }

    /// The same again may do.
    boolean unknown() {
      return status == 0 || status == 409 || status == 429 || status >= 500;
    }
  }

  Reply get(String path) {
    return call("GET", path, null, "");
  }

  /// @param key under which Stripe does it once
  Reply post(String path, Map<String, String> form, String key) {
    String body =
        form.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return call("POST", path, body, key);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Reply call(String method, String path, @Nullable String body, String key) {
    Reply reply = once(method, path, body, key);
    for (int tries = 1; tries < TRIES_MAX && reply.unknown(); tries++) {
      try {
        Thread.sleep(PAUSE_MILLIS << tries);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return reply;
      }
      reply = once(method, path, body, key);
    }
    return reply;
  }

  private Reply once(String method, String path, @Nullable String body, String key) {
    Map<String, Secret> headers = new HashMap<>();
    headers.put("authorization", Secret.of("Bearer " + config.key().expose()));
    headers.put("stripe-version", Secret.of(VERSION));
    headers.put("user-agent", Secret.of("gatewright"));
    if (body != null) {
      headers.put("content-type", Secret.of("application/x-www-form-urlencoded"));
      headers.put("idempotency-key", Secret.of(key));
    }
    Fetch.Fetched fetched =
        fetch.send(
            new Fetch.Request(
                config.base().origin(),
                config.ownAddress() ? DialRules.ALLOW_PRIVATE : DialRules.PUBLIC_ONLY,
                method,
                config.base().path() + path,
                headers,
                body,
                PHASES,
                TOTAL_MILLIS_MAX,
                ANSWER_BYTES_MAX));
    return switch (fetched) {
      case Fetch.Fetched.Failed(var failure) ->
          new Reply(0, JSON.createObjectNode(), failure.message());
      case Fetch.Fetched.Answer answer -> reply(answer);
    };
  }

  private static Reply reply(Fetch.Fetched.Answer answer) {
    try {
      JsonNode body = JSON.readTree(answer.body());
      return new Reply(answer.status(), body, "status " + answer.status());
    } catch (JsonProcessingException unreadable) {
      return new Reply(0, JSON.createObjectNode(), "an answer that is not JSON");
    }
  }
}
