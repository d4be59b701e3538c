package dev.gatewright.call.sink;

import dev.gatewright.call.Ending;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What the gate itself has to say about an answer that passes. Stateless, or confined to the
/// call's event loop.
public interface Words {
  /// What the caller is told in place of an answer with this ending; null = it passes.
  @Nullable Refusal instead(Ending ending);

  /// The last event or line of an answer that cannot go on; null where its form has no place for
  /// one.
  @Nullable ByteBuf last(Refusal why);
}
