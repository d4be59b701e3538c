package dev.gatewright.usage;

/// Usage of one group.
///
/// @param group the model, target, provider, key id or day (`2026-11-21`)
/// @param requests distinct requests
/// @param attempts calls to providers, retries and fallbacks included
public record UsageSum(
    String group,
    long requests,
    long attempts,
    long completed,
    long cancelled,
    long failed,
    long interrupted,
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    long audioMillis,
    long images,
    long characters,
    long bytes) {}
