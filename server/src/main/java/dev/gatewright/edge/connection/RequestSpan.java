package dev.gatewright.edge.connection;

import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.AccessEntry.Caller;
import dev.gatewright.edge.Exchange.Ended;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.telemetry.trace.Conventions;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.Trace;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request as it came in, from its head to its end, whether it became a call or was refused
/// before.
///
/// @param method one of HTTP's own, else `_OTHER`: callers may send any word, of any length
/// @param route a template, never a path
/// @param caller null = nobody the edge knows
/// @param status as it was sent
/// @param reason why the answer is what it is, a word of ours; null = it is one
record RequestSpan(
    Trace trace,
    String method,
    String route,
    String requestId,
    @Nullable Caller caller,
    int status,
    Ended how,
    @Nullable String reason,
    long startNanos,
    long endNanos)
    implements Span {
  private static final int CLIENT_ERROR = 400;
  private static final int SERVER_ERROR = 500;

  /// The conventions' name for what is none of those.
  private static final String OTHER = "_OTHER";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE");

  /// @param nowNanos on the steady counter
  static RequestSpan of(
      Trace trace, RequestHead head, AccessEntry access, int status, Ended how, long nowNanos) {
    return new RequestSpan(
        trace,
        METHODS.contains(head.method()) ? head.method() : OTHER,
        access.route(),
        head.id(),
        access.caller(),
        status,
        how,
        access.reason(),
        head.epochNanos(head.receivedNanos()),
        head.epochNanos(nowNanos));
  }

  @Override
  public long id() {
    return trace.place().span();
  }

  @Override
  public long parent() {
    return trace.parent();
  }

  @Override
  public boolean inward() {
    return true;
  }

  @Override
  public String name() {
    return (method.equals(OTHER) ? "HTTP" : method) + " " + route;
  }

  @Override
  public boolean failed() {
    return status >= SERVER_ERROR || how == Ended.RESET;
  }

  @Override
  public void describe(Words words) {
    words.text(Conventions.HTTP_METHOD, method);
    words.text(Conventions.HTTP_ROUTE, route);
    if (status > 0) {
      words.number(Conventions.HTTP_STATUS, status);
    }
    words.text(Conventions.REQUEST_ID, requestId);
    if (caller != null) {
      words.text(Conventions.KEY_ID, caller.id());
      words.text(Conventions.ORGANIZATION_ID, caller.organizationId());
      words.text(Conventions.PROJECT_ID, caller.projectId());
    }
    words.text(Conventions.END, how.name().toLowerCase(Locale.ROOT));
    if (reason != null) {
      words.text(Conventions.REASON, reason);
    }
    String error = error();
    if (error != null) {
      words.text(Conventions.ERROR_TYPE, error);
    }
  }

  /// A caller who left has a status that nobody was sent.
  private @Nullable String error() {
    if (status >= SERVER_ERROR || (status >= CLIENT_ERROR && how == Ended.FINISHED)) {
      return Integer.toString(status);
    }
    return how == Ended.RESET ? "reset" : null;
  }
}
