package dev.gatewright.llm.body;

import dev.gatewright.edge.Refusal;

/// The outcome of looking at a request's body: what we act on, or why it is refused.
public sealed interface Peek permits PeekedBody, Peek.Unreadable {
  record Unreadable(Refusal refusal) implements Peek {}
}
