package dev.gatewright.ingress;

import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.net.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// GET /auth/site?domain=…: Caddy's on-demand TLS asks whether to get a certificate for a name.
/// Listed hosts only, or strangers would have certificates made for names of theirs; and asked by
/// the front proxy itself or from this machine only, or strangers could try names. Whom the proxy
/// passes on is told by `X-Forwarded-For`; Caddy asks in its own name.
final class SiteHandler implements EdgeHandler {
  private static final String DOMAIN = "domain=";

  private final Predicate<String> listed;
  private final List<Cidr> proxies;

  SiteHandler(Predicate<String> listed, List<Cidr> proxies) {
    this.listed = listed;
    this.proxies = proxies;
  }

  @Override
  public void handle(Exchange exchange) {
    RequestHead head = exchange.request();
    InetAddress client = head.client();
    if (!client.isLoopbackAddress() && !Cidr.anyContains(proxies, client)) {
      EdgeReply.refuse(
          exchange,
          Refusal.denied(
              "This is asked by the proxy in front only.",
              "The proxy is one of trusted-proxies, or on this machine."));
      return;
    }
    String domain = domain(head.query());
    if (domain == null) {
      EdgeReply.refuse(
          exchange, Refusal.invalid("domain: is missing (expected: once, a host name)", "domain"));
    } else if (listed.test(domain)) {
      EdgeReply.json(exchange, 200, "{\"listed\":true}");
    } else {
      EdgeReply.refuse(exchange, Refusal.notFound("The domain is none of this gate's sites."));
    }
  }

  /// Null when it is not there, or twice.
  private static @Nullable String domain(@Nullable String query) {
    String found = null;
    if (query != null) {
      for (String part : query.split("&", -1)) {
        if (part.startsWith(DOMAIN)) {
          if (found != null) {
            return null;
          }
          found = part.substring(DOMAIN.length());
        }
      }
    }
    return found == null || found.isEmpty() ? null : found;
  }
}
