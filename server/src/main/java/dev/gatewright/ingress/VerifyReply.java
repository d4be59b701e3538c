package dev.gatewright.ingress;

import dev.gatewright.admission.Caller;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/// The answers a front proxy gets: 200 without a body, or a refusal that it hands to its caller. On
/// the exchange's event loop.
///
/// nginx lets 401 and 403 of its `auth_request` through and makes 500 of everything else; so for
/// `?compat=nginx` all other refusals are 403, and `x-gatewright-deny` says which it was.
final class VerifyReply {
  static final String DENY = "x-gatewright-deny";

  /// Wherever a caller's key may stand: Envoy takes these off before the backend.
  private static final String KEY_HEADERS = "authorization,x-api-key,api-key,x-goog-api-key";

  private static final String KEY_HEADERS_TO_REMOVE = "x-envoy-auth-headers-to-remove";

  private VerifyReply() {}

  /// @param caller null = nobody: a preflight
  /// @param forEnvoy names the headers the backend shall not see
  static void allow(Exchange exchange, @Nullable Caller caller, boolean forEnvoy) {
    HttpHeaders headers = EdgeReply.newHeaders().set("cache-control", "no-store");
    if (caller == null) {
      Identity.writeNobody(headers);
    } else {
      Identity.write(headers, caller);
    }
    if (forEnvoy) {
      headers.set(KEY_HEADERS_TO_REMOVE, KEY_HEADERS);
    }
    exchange.reply(200, headers, Unpooled.EMPTY_BUFFER);
  }

  /// @param reason in one word, for `x-gatewright-deny`
  static void refuse(Exchange exchange, Refusal refusal, String reason, boolean forNginx) {
    HttpHeaders headers = EdgeReply.headers(refusal).set("cache-control", "no-store");
    int status = refusal.status() >= 500 ? 503 : refusal.status();
    if (forNginx) {
      headers.set(DENY, reason);
      status = status == 401 ? 401 : 403;
    }
    byte[] body = EdgeReply.plain(refusal, exchange.request().id());
    exchange.reply(status, headers, Unpooled.wrappedBuffer(body));
  }

  /// The word for a refusal that has none of its own. Uniform for keys: why one is not accepted is
  /// for the log alone.
  static String reason(Refusal refusal) {
    return switch (refusal.status()) {
      case 429 -> "rate_limited";
      case 503 -> "unavailable";
      default -> refusal.code();
    };
  }
}
