package dev.gatewright.llm;

import dev.gatewright.edge.Refusal;

/// The outcome of looking at a request's body: what we act on, or why it is refused.
sealed interface Peek permits PeekedBody, Peek.Unreadable {
  record Unreadable(Refusal refusal) implements Peek {}
}
