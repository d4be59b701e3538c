package dev.gatewright.price.book;

import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.price.meter.Leaves;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one attempt used, cut into leaf meters. The taps have already turned every dialect's words
/// into one: caches, sound and pictures are a part of the input or output tokens there, and each
/// stands alone here.
///
/// @param used without those that are 0
/// @param served the tier the answer says it was served by; null = nothing
/// @param negative the parts came to more than the whole, so what was left over is 0
public record LeafMeters(Map<String, Long> used, @Nullable String served, boolean negative) {
  public static LeafMeters of(Usage usage) {
    Map<String, Long> used = new TreeMap<>();
    Map<String, Long> parts = usage.meters();
    long write1h = Math.min(part(parts, Leaves.CACHE_WRITE_1H), usage.cacheWriteTokens());
    // An old answer without the split wrote for five minutes.
    put(used, Leaves.CACHE_WRITE_5M, usage.cacheWriteTokens() - write1h);
    put(used, Leaves.CACHE_WRITE_1H, write1h);
    long input = usage.inputTokens() - usage.cachedTokens() - usage.cacheWriteTokens();
    long output = usage.outputTokens() - usage.reasoningTokens();
    long read = usage.cachedTokens();
    for (String kind : new String[] {"_audio", "_image", "_video"}) {
      // What came of it from a cache is a part of both.
      long cached = Math.min(part(parts, Leaves.CACHE_READ + kind), read);
      long fresh = Math.max(0, part(parts, Leaves.INPUT + kind) - cached);
      long written = part(parts, Leaves.OUTPUT + kind);
      put(used, Leaves.CACHE_READ + kind, cached);
      put(used, Leaves.INPUT + kind, fresh);
      put(used, Leaves.OUTPUT + kind, written);
      read -= cached;
      input -= fresh;
      output -= written;
    }
    put(used, Leaves.CACHE_READ, read);
    put(used, Leaves.INPUT, input);
    put(used, Leaves.OUTPUT, output);
    put(used, Leaves.REASONING, usage.reasoningTokens());
    switch (usage.unit()) {
      case TOKENS -> {}
      case AUDIO_SECONDS -> put(used, Leaves.AUDIO_MILLIS, usage.quantity());
      case IMAGES -> put(used, "images", usage.quantity());
      case CHARACTERS -> put(used, "characters", usage.quantity());
      case BYTES -> put(used, "bytes", usage.quantity());
    }
    String served = null;
    for (Map.Entry<String, Long> part : parts.entrySet()) {
      String name = part.getKey();
      if (name.startsWith(Meters.TIER_PREFIX)) {
        served = name.substring(Meters.TIER_PREFIX.length());
      } else if (!partOfTokens(name)) {
        put(used, name, part.getValue());
      }
    }
    return new LeafMeters(used, served, input < 0 || output < 0);
  }

  private static boolean partOfTokens(String name) {
    return name.startsWith("input_") || name.startsWith("output_") || name.startsWith("cache_");
  }

  private static long part(Map<String, Long> parts, String name) {
    return parts.getOrDefault(name, 0L);
  }

  private static void put(Map<String, Long> used, String name, long count) {
    if (count > 0) {
      used.put(name, count);
    }
  }
}
