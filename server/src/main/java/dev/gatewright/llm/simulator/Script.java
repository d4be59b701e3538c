package dev.gatewright.llm.simulator;

import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.simulator.request.Form;
import java.util.Iterator;
import java.util.List;

/// What the simulator will send.
///
/// @param status of the answer
/// @param stream the parts are server-sent events, else pieces of one JSON document
/// @param parts of the body, made one by one as they leave
/// @param heldChars of texts kept until then
record Script(int status, boolean stream, Iterator<JsonOut> parts, long heldChars) {
  static Script whole(Parts parts) {
    return new Script(200, false, parts.iterator(), 0);
  }

  static Script stream(Parts parts) {
    return new Script(200, true, parts.iterator(), 0);
  }

  Script holding(long chars) {
    return new Script(status, stream, parts, chars);
  }

  /// An error as a provider of this form tells it.
  static Script refused(Form form, Refusal refusal, String id) {
    return new Script(
        refusal.status(), false, List.of(Faults.body(form, refusal, id)).iterator(), 0);
  }
}
