package dev.gatewright.call.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/// Takes out of a chat stream the one chunk the caller did not ask for: no choices, and a usage.
/// Where that chunk says anything else, such as an error, only its usage is taken out. Comment
/// lines in front of a removed chunk stay. Confined to the call's event loop.
public final class UsageChunkFilter extends EventSieve {
  /// @param out takes over what goes on to the caller
  public UsageChunkFilter(AnswerTap tap, ByteBufAllocator allocator, Consumer<ByteBuf> out) {
    super(
        tap,
        allocator,
        out,
        tap::endedUsageChunk,
        event -> tap.endedPureUsageChunk() ? UsageCut.comments(event) : UsageCut.of(event));
  }
}
