package dev.gatewright.call.once;

import dev.gatewright.json.JsonBytes;
import dev.gatewright.ledger.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// What a call came to that is not run again: enough to find its row, and nothing of its words.
///
/// @param model the name the caller asked for
/// @param status the provider's
public record Receipt(
    String requestId,
    String model,
    long startedMillis,
    int status,
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long reasoningTokens) {

  static Receipt of(String requestId, String model, long startedMillis, Outcome outcome) {
    Outcome.Usage usage = outcome.usage();
    return new Receipt(
        requestId,
        model,
        startedMillis,
        outcome.status(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cachedTokens(),
        usage.reasoningTokens());
  }

  String json() {
    byte[] text =
        new JsonBytes(256)
            .raw("{\"request_id\":")
            .string(requestId)
            .raw(",\"model\":")
            .string(model)
            .raw(",\"started_at\":")
            .string(Instant.ofEpochMilli(startedMillis).toString())
            .raw(",\"status\":" + status)
            .raw(",\"input_tokens\":" + inputTokens)
            .raw(",\"output_tokens\":" + outputTokens)
            .raw(",\"cached_tokens\":" + cachedTokens)
            .raw(",\"reasoning_tokens\":" + reasoningTokens)
            .raw("}")
            .toArray();
    return new String(text, StandardCharsets.US_ASCII);
  }
}
