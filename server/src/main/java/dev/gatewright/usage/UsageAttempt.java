package dev.gatewright.usage;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One attempt as it was recorded; the words of `outcome` and `source` are those of the REST
/// resource.
///
/// @param firstByteMillis -1 when no answer came
/// @param quantity how much of `unit`; of `audio_seconds`, milliseconds; 0 of `tokens`
/// @param source the weaker one of the numbers' sources
/// @param rung whose credential it went out with; empty = nobody's
/// @param costNano nano-USD by the list price, whoever paid; null = nothing priced it
/// @param billedNano of it, what the organization's wallet paid
/// @param unpriced no price is known for some of what it used
/// @param meters what was priced, or measured beyond the other numbers
/// @param status the provider's HTTP status, 0 when no answer came
public record UsageAttempt(
    String id,
    String requestId,
    String projectId,
    String keyId,
    long ordinal,
    String model,
    String target,
    String provider,
    String endpoint,
    boolean stream,
    boolean test,
    long startedMillis,
    long firstByteMillis,
    long durationMillis,
    int status,
    String outcome,
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    String source,
    String inputSource,
    String outputSource,
    long requestBytes,
    long responseBytes,
    String unit,
    long quantity,
    String quantitySource,
    String rung,
    @Nullable Long costNano,
    long billedNano,
    boolean unpriced,
    String priceVersion,
    String costSource,
    Map<String, Long> meters,
    String upstreamRequestId,
    String service,
    String site,
    List<String> tags,
    String memberId) {
  public UsageAttempt {
    meters = Collections.unmodifiableMap(new TreeMap<>(meters));
    tags = List.copyOf(tags);
  }
}
