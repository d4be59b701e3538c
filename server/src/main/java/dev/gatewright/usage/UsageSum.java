package dev.gatewright.usage;

import java.util.List;

/// Usage of one group.
///
/// @param groups the value of each thing that was summed by, in the order asked for
/// @param requests distinct requests
/// @param attempts calls to providers, retries and fallbacks included
/// @param costNano nano-USD by the list price, of those that have one
/// @param billedNano of it, what the organization's wallet paid
/// @param unpriced attempts that no price is known for
public record UsageSum(
    List<String> groups,
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
    long bytes,
    long costNano,
    long billedNano,
    long unpriced) {
  public UsageSum {
    groups = List.copyOf(groups);
  }

  static UsageSum nothing(List<String> groups) {
    return new UsageSum(groups, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /// The same in other groups.
  UsageSum in(List<String> others) {
    return nothing(others).plus(this);
  }

  /// Both together, in this one's groups.
  UsageSum plus(UsageSum other) {
    return new UsageSum(
        groups,
        requests + other.requests,
        attempts + other.attempts,
        completed + other.completed,
        cancelled + other.cancelled,
        failed + other.failed,
        interrupted + other.interrupted,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        cachedTokens + other.cachedTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        reasoningTokens + other.reasoningTokens,
        audioMillis + other.audioMillis,
        images + other.images,
        characters + other.characters,
        bytes + other.bytes,
        costNano + other.costNano,
        billedNano + other.billedNano,
        unpriced + other.unpriced);
  }
}
