package dev.gatewright.usage;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON objects of the usage resources.
final class UsageView {
  private UsageView() {}

  static Map<String, Object> of(UsageBy by, UsageSum sum) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(by.word(), sum.group());
    json.put("requests", sum.requests());
    json.put("attempts", sum.attempts());
    json.put("input_tokens", sum.inputTokens());
    json.put("output_tokens", sum.outputTokens());
    json.put("cached_tokens", sum.cachedTokens());
    json.put("cache_write_tokens", sum.cacheWriteTokens());
    json.put("reasoning_tokens", sum.reasoningTokens());
    json.put("completed", sum.completed());
    json.put("cancelled", sum.cancelled());
    json.put("failed", sum.failed());
    json.put("interrupted", sum.interrupted());
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
    json.put("request_bytes", attempt.requestBytes());
    json.put("response_bytes", attempt.responseBytes());
    return json;
  }

  @SuppressWarnings("NullAway") // a JSON null
  static void put(Map<String, Object> json, String name, @Nullable Object value) {
    json.put(name, value);
  }
}
