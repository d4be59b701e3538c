package dev.gatewright.ingress;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.FaultLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.WebSocketHandshake;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ANY /auth/verify, /auth/verify/{service}, /auth/envoy/…: a front proxy asks whether a request
/// may pass. Read downwards: what is it about → a preflight? → whose key → may it → answer.
///
/// Whatever fails here is a no: nothing but a decision answers 200.
final class VerifyHandler implements EdgeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(VerifyHandler.class);
  private static final String VERIFY = "/auth/verify/";
  private static final String ENVOY = "/auth/envoy";

  /// Who asks, and so how.
  enum Form {
    ANY_SERVICE,
    NAMED_SERVICE,
    ENVOY
  }

  private final Form form;
  private final Admission admission;
  private final Verification verification;
  private final IngressConfig config;

  VerifyHandler(Form form, Admission admission, Verification verification, IngressConfig config) {
    this.form = form;
    this.admission = admission;
    this.verification = verification;
    this.config = config;
  }

  @Override
  public void handle(Exchange exchange) {
    RequestHead head = exchange.request();
    Original original =
        form == Form.ENVOY ? Original.ofRequestLine(head, ENVOY) : Original.ofHeaders(head);
    if (config.allowPreflight() && preflight(original, head.headers())) {
      VerifyReply.allow(exchange, null, form == Form.ENVOY);
      return;
    }
    if (WebSocketHandshake.offersKey(head.headers())) {
      // It would go on to the backend: a proxy takes off a header, not a part of one.
      exchange.access().event("auth_denied");
      exchange.access().reason("protocol_key");
      answer(exchange, Refusal.badKey(), VerifyReply.reason(Refusal.badKey()));
      return;
    }
    admission.admit(
        exchange,
        admitted -> {
          try {
            decide(exchange, admitted, original);
          } catch (RuntimeException bug) {
            FaultLog.write(LOG, exchange, "verification failed", bug);
            exchange.access().reason("internal");
            answer(exchange, unavailable(), "unavailable");
          }
        });
  }

  private void decide(Exchange exchange, Admitted admitted, Original original) {
    switch (admitted) {
      case Admitted.No no -> answer(exchange, no.refusal(), VerifyReply.reason(no.refusal()));
      case Admitted.Yes(Caller caller) -> {
        Verification.Denied denied = judge(exchange, caller, original);
        if (denied == null) {
          VerifyReply.allow(exchange, caller, form == Form.ENVOY);
        } else {
          exchange.access().event("auth_denied");
          exchange.access().reason(denied.reason());
          answer(exchange, denied.refusal(), denied.reason());
        }
      }
    }
  }

  private Verification.@Nullable Denied judge(Exchange exchange, Caller caller, Original original) {
    return switch (form) {
      case ANY_SERVICE, ENVOY -> verification.any(caller, original);
      case NAMED_SERVICE ->
          verification.named(
              caller, exchange.request().path().substring(VERIFY.length()), original);
    };
  }

  /// A browser asks before it sends a request with a key, and never shows the key with that.
  private static boolean preflight(Original original, HttpHeaders headers) {
    return original instanceof Original.Believed(String method, String _)
        && method.equals("OPTIONS")
        && headers.contains("origin")
        && headers.contains("access-control-request-method");
  }

  /// The edge refuses: it stops, the head is malformed, or there is a bug.
  @Override
  public void reject(Exchange exchange, Refusal refusal) {
    String reason = exchange.access().reason();
    answer(exchange, refusal, reason == null ? VerifyReply.reason(refusal) : reason);
  }

  private void answer(Exchange exchange, Refusal refusal, String reason) {
    boolean forNginx = form != Form.ENVOY && asksForNginx(exchange.request().query());
    VerifyReply.refuse(exchange, refusal, reason, forNginx);
  }

  /// Everything else in the query is the caller's: Caddy appends it to ours.
  private static boolean asksForNginx(@Nullable String query) {
    return query != null && ("&" + query + "&").contains("&compat=nginx&");
  }

  private static Refusal unavailable() {
    return Refusal.overloaded("This request could not be checked; try again.", 1);
  }
}
