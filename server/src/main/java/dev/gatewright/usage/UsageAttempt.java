package dev.gatewright.usage;

/// One attempt as it was recorded; the words of `outcome` and `source` are those of the REST
/// resource.
///
/// @param firstByteMillis -1 when no answer came
/// @param quantity how much of `unit`; of `audio_seconds`, milliseconds; 0 of `tokens`
/// @param source the weaker one of the numbers' sources
/// @param rung whose credential it went out with; empty = nobody's
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
    String rung) {}
