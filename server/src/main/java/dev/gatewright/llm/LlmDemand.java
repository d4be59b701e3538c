package dev.gatewright.llm;

import dev.gatewright.call.tap.Meter;
import dev.gatewright.limit.term.Demand;
import dev.gatewright.llm.body.PeekedBody;
import dev.gatewright.llm.dialect.Endpoint;
import java.util.function.LongSupplier;

/// What a model call asks of its caller's limits, by what its body says.
final class LlmDemand {
  private LlmDemand() {}

  /// @param costNano what it comes to in nano-USD, by estimate; asked only where money is limited
  static Demand of(Endpoint endpoint, PeekedBody peeked, LongSupplier costNano) {
    boolean writes = endpoint.meter() == Meter.TOKENS;
    boolean reads = writes || endpoint.meter() == Meter.EMBEDDINGS;
    return Demand.of(
        reads ? peeked.inputTokensEstimate() : 0,
        writes ? peeked.outputTokensMax() : 0,
        peeked.choices(),
        costNano,
        endpoint.dialect().limitHeaders());
  }
}
