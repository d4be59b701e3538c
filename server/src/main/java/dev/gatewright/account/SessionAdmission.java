package dev.gatewright.account;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.ApiCall;
import java.util.List;
import java.util.function.Function;

/// Who a session's cookie stands for, on a handed-off request. Runs on a virtual thread and may
/// block. Thread-safe.
@FunctionalInterface
public interface SessionAdmission {
  /// Nobody is ever signed in.
  SessionAdmission NONE = (_, _, _) -> new Result.None();

  /// What a look at the cookies came to.
  sealed interface Result {
    /// No session's cookie: a key may still tell who calls.
    record None() implements Result {}

    record Yes(SignedIn session) implements Result {}

    /// A cookie that is not good any more, or came in a way that it may not.
    record No(Refusal refusal) implements Result {}
  }

  /// @param unsafe the method changes something (or is an event stream): the rules against forged
  ///   requests hold
  /// @param headers all values of a header, by its name in lower case
  Result admit(boolean unsafe, ApiCall.Origin origin, Function<String, List<String>> headers);
}
