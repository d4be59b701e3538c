package dev.gatewright.edge.connection;

import dev.gatewright.edge.Cors;
import dev.gatewright.edge.Drain;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.FaultLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.head.Rejection;
import dev.gatewright.edge.site.SiteDoor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to a request once its head has been accepted: stopping? → edge secret → site →
/// preflight? → route → handler. The same for every protocol. Immutable; called on the exchange's
/// event loop.
public final class Dispatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(Dispatch.class);

  private final RouteTable routes;
  private final SiteDoor sites;
  private final Cors cors;
  private final Drain drain;
  private final boolean edgeRequired;
  private final Predicate<RequestHead> exempt;

  public Dispatch(
      RouteTable routes,
      SiteDoor sites,
      Cors cors,
      Drain drain,
      boolean edgeRequired,
      Predicate<RequestHead> exempt) {
    this.routes = routes;
    this.sites = sites;
    this.cors = cors;
    this.drain = drain;
    this.edgeRequired = edgeRequired;
    this.exempt = exempt;
  }

  /// True for a request of the local command line, for which there is always room.
  public boolean exempt(RequestHead head) {
    return exempt.test(head);
  }

  void dispatch(Exchange exchange) {
    try {
      Rejection rejection = rejection(exchange.request());
      if (rejection != null) {
        reject(exchange, rejection);
      } else if (barred(exchange)) {
        return;
      } else {
        RequestHead head = exchange.request();
        RouteTable.Match match = routes.match(head.method(), head.path());
        if (!cors.answered(exchange, match)) {
          route(exchange, match);
        }
      }
    } catch (RuntimeException e) {
      failed(exchange, e);
    }
  }

  /// Refuses what no handler may see; its form is still that of the route it was meant for.
  void reject(Exchange exchange, Rejection rejection) {
    exchange.access().reason(rejection.reason());
    refuse(exchange, rejection.refusal());
  }

  private void refuse(Exchange exchange, Refusal refusal) {
    RequestHead head = exchange.request();
    if (routes.match(head.method(), head.path())
        instanceof RouteTable.Match.Found(String template, EdgeHandler handler)) {
      meant(exchange, template, handler);
      handler.reject(exchange, refusal);
    } else {
      EdgeReply.refuse(exchange, refusal);
    }
  }

  /// A handler threw: a bug, whose words are for our log only.
  static void failed(Exchange exchange, RuntimeException bug) {
    FaultLog.write(LOGGER, exchange, "handler failed", bug);
    if (exchange.headSent()) {
      exchange.reset("internal");
    } else {
      exchange.access().reason("internal");
      EdgeReply.refuse(
          exchange,
          Refusal.of(500, "api_error", "internal", "The server failed to answer this request."));
    }
  }

  private @Nullable Rejection rejection(RequestHead head) {
    boolean health = health(head.path());
    if (drain.draining() && !health) {
      return Rejection.DRAINING;
    }
    boolean proven = !edgeRequired || head.edgeProven() || health || exempt.test(head);
    return proven ? null : Rejection.EDGE_SECRET;
  }

  /// Refuses what may not come to the site it came to.
  private boolean barred(Exchange exchange) {
    RequestHead head = exchange.request();
    Refusal refusal = health(head.path()) ? null : sites.refusal(head);
    if (refusal == null || exempt.test(head)) {
      return false;
    }
    exchange.access().reason(refusal.status() == 403 ? "site_address" : refusal.code());
    refuse(exchange, refusal);
    return true;
  }

  /// Health is asked by whoever runs this process, also past the front proxy, also while stopping.
  private static boolean health(String path) {
    return path.equals("/health") || path.startsWith("/health/");
  }

  private static void route(Exchange exchange, RouteTable.Match match) {
    RequestHead head = exchange.request();
    switch (match) {
      case RouteTable.Match.Found(String template, EdgeHandler handler) -> {
        meant(exchange, template, handler);
        handler.handle(exchange);
      }
      case RouteTable.Match.WrongMethod(String template, String allow, EdgeHandler handler) -> {
        meant(exchange, template, handler);
        Refusal refusal =
            Refusal.methodNotAllowed(
                "%s is not allowed here (expected: %s).".formatted(head.method(), allow));
        handler.reject(exchange, refusal, EdgeReply.headers(refusal).set("allow", allow));
      }
      case RouteTable.Match.None() ->
          EdgeReply.refuse(exchange, Refusal.notFound("There is nothing at this path."));
    }
  }

  private static void meant(Exchange exchange, String template, EdgeHandler handler) {
    exchange.access().route(template);
    if (handler.traced()) {
      exchange.access().trace();
    }
  }
}
