package dev.gatewright.llm;

import dev.gatewright.call.Ending;
import dev.gatewright.call.sink.Words;
import dev.gatewright.credential.Payer;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Endpoint;
import dev.gatewright.llm.provider.ProviderFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// What is said of a model's answer that is none, or has no end, in the caller's dialect.
///
/// @param payer whose credential it was
/// @param stream it may be a stream, which has a place for a last event
record LlmWords(LlmPlan plan, String provider, Payer.Found payer, boolean stream) implements Words {
  @Override
  public @Nullable Refusal instead(Ending ending) {
    return ProviderFailure.refusal(provider, payer, ending);
  }

  @Override
  public @Nullable ByteBuf last(Refusal why) {
    Endpoint endpoint = plan.endpoint();
    String requestId = plan.exchange().request().id();
    return stream
        ? Unpooled.wrappedBuffer(endpoint.dialect().errorEvent(endpoint, why, requestId))
        : null;
  }
}
