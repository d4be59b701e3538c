package dev.gatewright.service.answer;

import dev.gatewright.call.Ending;
import dev.gatewright.call.sink.Words;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.preset.StreamKind;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// What is said of a backend's answer that cannot go on. What a backend says itself of an answer of
/// its own passes as it came.
public record ServiceWords(ErrorForm form, StreamKind kind, String requestId) implements Words {
  @Override
  public @Nullable Refusal instead(Ending ending) {
    return null;
  }

  @Override
  public @Nullable ByteBuf last(Refusal why) {
    return form.lastWords(kind, why, requestId);
  }
}
