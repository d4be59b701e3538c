package dev.gatewright;

import dev.gatewright.console.Console;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.RouteTable;

/// The one fixed table of DESIGN §1: the first template that fits decides. What has no row is 404.
final class Routes {
  private Routes() {}

  /// What every process answers, whatever its planes.
  static void server(
      RouteTable.Builder table,
      Health health,
      EdgeHandler status,
      String version,
      boolean hasConsole) {
    table.get("/health", health::answer);
    table.get("/health/live", Health::answerLive);
    table.get("/status", status);
    table.get(
        "/",
        exchange -> {
          if (hasConsole && Console.wantsPage(exchange.request())) {
            Console.lead(exchange, "/console/");
          } else {
            welcome(exchange, health, version);
          }
        });
  }

  /// What the portal answers.
  static void portal(RouteTable.Builder table, EdgeHandler handoff) {
    table.get("/openapi.json", handoff);
    table.get("/.well-known/webauthn", handoff);
    table.get("/docs", handoff);
    table.get("/docs/{file}", handoff);
    table.any("/api/*", handoff);
    table.any("/v1/rooms", handoff);
    table.any("/v1/rooms/*", handoff);
    table.any("/v1/room-plans", handoff);
    table.any("/v1/room-providers", handoff);
    new Console().mount(table);
  }

  /// GET /
  private static void welcome(Exchange exchange, Health health, String version) {
    EdgeReply.json(
        exchange,
        200,
        """
        {"message":"Gatewright: one gate in front of every AI service a team uses",\
        "version":"%s","status":"%s","docs":"/docs"}\
        """
            .formatted(version, health.status()));
  }
}
