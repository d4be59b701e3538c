package dev.gatewright.call.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes what a call has cost into the usage of the events that tell it, for callers that ask for
/// it: `usage.cost`, or `response.usage.cost`. All else stays as it came. Confined to the call's
/// event loop.
public final class UsageCostFilter extends EventSieve {
  /// @param out takes over what goes on to the caller
  /// @param costUsd by what is known at the time; null = not known, and nothing is written
  public UsageCostFilter(
      AnswerTap tap,
      ByteBufAllocator allocator,
      Consumer<ByteBuf> out,
      Supplier<@Nullable String> costUsd) {
    super(tap, allocator, out, tap::endedUsage, event -> costed(event, costUsd.get()));
  }

  private static byte[] costed(byte[] event, @Nullable String costUsd) {
    return costUsd == null ? event : UsageCost.into(event, costUsd);
  }
}
