package dev.gatewright.web.idempotency;

import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiHandler;
import dev.gatewright.rest.Problem;

/// Runs what creates something, and answers what was sent twice. Blocks; thread-safe.
@FunctionalInterface
public interface Creates {
  /// Every request is a new one.
  Creates EACH = (call, create, _) -> create.handle(call);

  /// Shows what a create has made, by its id, to the same caller.
  @FunctionalInterface
  interface Shown {
    Answer of(String id);
  }

  /// The answer of `create`, or the first one where the call is a repeat.
  ///
  /// @throws Problem 400 for a bad key, 409 for another body or while the first still runs
  Answer once(ApiCall call, ApiHandler create, Shown shown);
}
