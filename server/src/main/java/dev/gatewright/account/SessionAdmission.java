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

  /// What everybody hears whose session is not there, or not any more.
  Refusal NOT_SIGNED_IN =
      Refusal.of(
          401,
          "authentication_error",
          "not_signed_in",
          "Nobody is signed in (expected: a session's cookie).");

  /// What a look at the cookies came to.
  sealed interface Result {
    /// No session's cookie: a key may still tell who calls.
    record None() implements Result {}

    /// @param cookies values of `set-cookie` for the answer: the session's token was renewed
    record Yes(SignedIn session, List<String> cookies) implements Result {
      public Yes {
        cookies = List.copyOf(cookies);
      }

      public Yes(SignedIn session) {
        this(session, List.of());
      }
    }

    /// A cookie that is not good any more, or came in a way that it may not.
    record No(Refusal refusal) implements Result {}
  }

  /// What stands against requests that a page of another origin makes in a browser's name.
  enum Guard {
    /// The request reads: what it gets, no other page may look at.
    NONE,
    /// It must come from a page of ours.
    OWN_PAGES,
    /// And know the session's token.
    TOKEN
  }

  /// An operator who acts for an organization looked at something of it.
  ///
  /// @param route such as `GET /api/keys`
  default void looked(
      SignedIn operator, Tenant tenant, ApiCall.Origin origin, String agent, String route) {}

  /// @param headers all values of a header, by its name in lower case
  Result admit(Guard guard, ApiCall.Origin origin, Function<String, List<String>> headers);
}
