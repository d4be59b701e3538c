package dev.gatewright.usage;

import dev.gatewright.ledger.Usd;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON objects of the usage resources.
final class UsageView {
  /// What an event has, in its order.
  static final List<String> EVENT_FIELDS =
      List.of(
          "id",
          "request_id",
          "project_id",
          "key_id",
          "ordinal",
          "model",
          "target",
          "provider",
          "endpoint",
          "stream",
          "test",
          "started_at",
          "first_byte_ms",
          "duration_ms",
          "status",
          "outcome",
          "input_tokens",
          "output_tokens",
          "cached_tokens",
          "cache_write_tokens",
          "reasoning_tokens",
          "source",
          "input_source",
          "output_source",
          "request_bytes",
          "response_bytes",
          "unit",
          "quantity",
          "quantity_source",
          "rung",
          "cost",
          "billed",
          "unpriced",
          "price_version",
          "cost_source",
          "meters",
          "upstream_request_id",
          "service",
          "site",
          "tags",
          "member_id");

  private UsageView() {}

  /// @param groups the names of the sum's groups
  static Map<String, Object> of(List<String> groups, UsageSum sum) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      json.put(groups.get(i), sum.groups().get(i));
    }
    json.put("requests", sum.requests());
    json.put("attempts", sum.attempts());
    json.put("input_tokens", sum.inputTokens());
    json.put("output_tokens", sum.outputTokens());
    json.put("cached_tokens", sum.cachedTokens());
    json.put("cache_write_tokens", sum.cacheWriteTokens());
    json.put("reasoning_tokens", sum.reasoningTokens());
    json.put("audio_seconds", seconds(sum.audioMillis()));
    json.put("images", sum.images());
    json.put("characters", sum.characters());
    json.put("bytes", sum.bytes());
    json.put("completed", sum.completed());
    json.put("cancelled", sum.cancelled());
    json.put("failed", sum.failed());
    json.put("interrupted", sum.interrupted());
    json.put("cost", Usd.text(sum.costNano()));
    json.put("billed", Usd.text(sum.billedNano()));
    json.put("unpriced", sum.unpriced());
    return json;
  }

  static Map<String, Object> of(UsageAttempt attempt) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", attempt.id());
    json.put("request_id", attempt.requestId());
    json.put("project_id", attempt.projectId());
    json.put("key_id", attempt.keyId());
    json.put("ordinal", attempt.ordinal());
    json.put("model", attempt.model());
    json.put("target", attempt.target());
    json.put("provider", attempt.provider());
    json.put("endpoint", attempt.endpoint());
    json.put("stream", attempt.stream());
    json.put("test", attempt.test());
    json.put("started_at", Instant.ofEpochMilli(attempt.startedMillis()).toString());
    put(json, "first_byte_ms", attempt.firstByteMillis() < 0 ? null : attempt.firstByteMillis());
    json.put("duration_ms", attempt.durationMillis());
    put(json, "status", attempt.status() == 0 ? null : attempt.status());
    json.put("outcome", attempt.outcome());
    json.put("input_tokens", attempt.inputTokens());
    json.put("output_tokens", attempt.outputTokens());
    json.put("cached_tokens", attempt.cachedTokens());
    json.put("cache_write_tokens", attempt.cacheWriteTokens());
    json.put("reasoning_tokens", attempt.reasoningTokens());
    json.put("source", attempt.source());
    json.put("input_source", attempt.inputSource());
    json.put("output_source", attempt.outputSource());
    json.put("request_bytes", attempt.requestBytes());
    json.put("response_bytes", attempt.responseBytes());
    json.put("unit", attempt.unit());
    json.put("quantity", quantity(attempt));
    json.put("quantity_source", quantitySource(attempt));
    put(json, "rung", attempt.rung().isEmpty() ? null : attempt.rung());
    return json;
  }

  /// The same with what it cost, and what else it can be told apart by.
  static Map<String, Object> event(UsageAttempt attempt) {
    Map<String, Object> json = of(attempt);
    Long cost = attempt.costNano();
    put(json, "cost", cost == null ? null : Usd.text(cost));
    json.put("billed", Usd.text(attempt.billedNano()));
    json.put("unpriced", attempt.unpriced());
    put(json, "price_version", orNull(attempt.priceVersion()));
    put(json, "cost_source", orNull(attempt.costSource()));
    json.put("meters", attempt.meters());
    put(json, "upstream_request_id", orNull(attempt.upstreamRequestId()));
    put(json, "service", orNull(attempt.service()));
    put(json, "site", orNull(attempt.site()));
    json.put("tags", attempt.tags());
    put(json, "member_id", orNull(attempt.memberId()));
    return json;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Number quantity(UsageAttempt attempt) {
    return switch (attempt.unit()) {
      case "tokens" -> attempt.inputTokens() + attempt.outputTokens();
      case "audio_seconds" -> seconds(attempt.quantity());
      default -> attempt.quantity();
    };
  }

  private static String quantitySource(UsageAttempt attempt) {
    return attempt.unit().equals("tokens") ? attempt.source() : attempt.quantitySource();
  }

  /// Exact: a double would turn a year's sum into one with noise behind the point.
  private static BigDecimal seconds(long millis) {
    return BigDecimal.valueOf(millis, 3);
  }

  @SuppressWarnings("NullAway") // a JSON null
  static void put(Map<String, Object> json, String name, @Nullable Object value) {
    json.put(name, value);
  }
}
