/// Answers test keys as a provider would, calling nobody: an [dev.gatewright.relay.Upstream] of its
/// own, deterministic, with exact usage. It knows nothing of callers, keys or rows.
@NullMarked
package dev.gatewright.llm.simulator;

import org.jspecify.annotations.NullMarked;
