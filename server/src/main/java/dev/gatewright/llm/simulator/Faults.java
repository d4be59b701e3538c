package dev.gatewright.llm.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.edge.AnthropicError;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.simulator.request.Form;

/// Errors as the two families of providers tell them.
final class Faults {
  private Faults() {}

  static JsonOut body(Form form, Refusal refusal, String id) {
    if (form.anthropic()) {
      return new JsonOut().raw(new String(AnthropicError.body(refusal, "req_" + id), UTF_8));
    }
    return new JsonOut()
        .open()
        .open("error")
        .put("message", refusal.message())
        .put("type", refusal.type())
        .put("param", refusal.param())
        .put("code", refusal.code())
        .close()
        .close();
  }
}
