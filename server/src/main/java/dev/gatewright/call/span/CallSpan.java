package dev.gatewright.call.span;

import dev.gatewright.account.Tenant;
import dev.gatewright.edge.Exchange.Ended;
import dev.gatewright.telemetry.trace.Conventions;
import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.Trace;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A call as it came in, from its head to its end.
///
/// @param route a template, never a path
/// @param keyId who called; null = nobody the edge knows
/// @param status as it was sent
/// @param reason why the answer is what it is, a word of ours; null = it is one
public record CallSpan(
    Trace trace,
    String method,
    String route,
    String requestId,
    @Nullable String keyId,
    @Nullable Tenant tenant,
    int status,
    Ended how,
    @Nullable String reason,
    long startNanos,
    long endNanos)
    implements Span {
  /// A caller may send any word as a method; what is none of these has the conventions' name.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE");

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

  private boolean known() {
    return METHODS.contains(method);
  }

  @Override
  public String name() {
    return (known() ? method : "HTTP") + " " + route;
  }

  @Override
  public boolean failed() {
    return status >= 500 || how == Ended.RESET;
  }

  @Override
  public void describe(Words words) {
    words.text(Conventions.HTTP_METHOD, known() ? method : "_OTHER");
    words.text(Conventions.HTTP_ROUTE, route);
    if (status > 0) {
      words.number(Conventions.HTTP_STATUS, status);
    }
    words.text(Conventions.REQUEST_ID, requestId);
    if (keyId != null) {
      words.text(Conventions.KEY_ID, keyId);
    }
    if (tenant != null) {
      words.text(Conventions.ORGANIZATION_ID, tenant.organizationId());
      words.text(Conventions.PROJECT_ID, tenant.projectId());
    }
    words.text(Conventions.END, how.name().toLowerCase(Locale.ROOT));
    if (reason != null) {
      words.text(Conventions.REASON, reason);
    }
    if (failed()) {
      words.text(Conventions.ERROR_TYPE, status >= 500 ? Integer.toString(status) : "reset");
    }
  }
}
