package dev.gatewright.explain;

import dev.gatewright.admission.Judge.Question;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.head.TargetCheck;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.rest.Problem;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A call that is not made: the body of `POST /api/policy/explain`.
///
/// @param method null = POST
/// @param path null = `/v1/chat/completions`
/// @param provider what `X-Provider` would say
/// @param origin what `Origin` would say; empty = nothing, null = whatever the key asks for
/// @param providerAuth whether `X-Provider-Auth` would bring a credential; null = no
public record ExplainRequest(
    @Nullable String keyId,
    @Nullable String method,
    @Nullable String path,
    @Nullable String model,
    @Nullable String ip,
    @Nullable String provider,
    @Nullable String origin,
    @Nullable Boolean providerAuth) {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /// @throws Problem 422 naming the field
  String key() {
    if (keyId == null || !keyId.startsWith("key_")) {
      throw wrong("/key_id", keyId, "key_…");
    }
    return keyId;
  }

  /// @throws Problem 422 naming the field
  Question question() {
    String asked = method == null ? "POST" : method;
    if (!METHODS.contains(asked)) {
      throw wrong("/method", asked, "such as GET or POST");
    }
    String at = path == null ? "/v1/chat/completions" : path;
    String objection = TargetCheck.objection(at);
    if (objection != null || at.indexOf('?') >= 0) {
      throw wrong("/path", at, "a path such as /v1/chat/completions, without a query");
    }
    return new Question(asked, at, model, provider, Boolean.TRUE.equals(providerAuth));
  }

  /// Null = from wherever the rules let it come.
  ///
  /// @throws Problem 422
  @Nullable InetAddress address() {
    InetAddress address = ip == null ? null : IpLiteral.parse(ip);
    if (ip != null && address == null) {
      throw wrong("/ip", ip, "an address such as 203.0.113.9");
    }
    return address;
  }

  private static Problem wrong(String pointer, @Nullable String value, String expected) {
    return Problem.wrong(
        pointer, "%s (expected: %s)".formatted(Refusal.shown(String.valueOf(value)), expected));
  }
}
