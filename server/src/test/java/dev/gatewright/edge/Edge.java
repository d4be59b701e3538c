package dev.gatewright.edge;

import dev.gatewright.edge.connection.LoopChoice;
import dev.gatewright.edge.log.AccessLog;
import dev.gatewright.telemetry.Time;
import dev.gatewright.telemetry.trace.Tracing;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A running edge for tests, with the routes given and limits short enough to wait for.
final class Edge implements AutoCloseable {
  static final EdgeLimits SHORT =
      new EdgeLimits(
          8 << 10,
          1 << 20,
          4 << 20,
          Duration.ofMillis(300),
          Duration.ofMillis(400),
          200,
          Duration.ofMillis(300),
          Duration.ofMillis(500));

  private final EdgeServer server;

  private Edge(EdgeServer server) {
    this.server = server;
  }

  static Edge start(RouteTable routes) {
    return start(routes, Transport.best(), config -> config, AccessLog.none());
  }

  static Edge start(
      RouteTable routes, Transport transport, UnaryOperator<EdgeConfig> change, AccessLog log) {
    return start(routes, transport, change, log, _ -> false);
  }

  static Edge start(
      RouteTable routes,
      Transport transport,
      UnaryOperator<EdgeConfig> change,
      AccessLog log,
      Predicate<RequestHead> exempt) {
    return start(routes, transport, change, log, exempt, Time.system());
  }

  static Edge start(
      RouteTable routes,
      Transport transport,
      UnaryOperator<EdgeConfig> change,
      AccessLog log,
      Predicate<RequestHead> exempt,
      Time time) {
    EdgeConfig config = change.apply(EdgeConfig.loopback().withLimits(SHORT));
    try {
      return new Edge(
          EdgeServer.start(
              config,
              time,
              routes,
              log,
              Tracing.OFF,
              new Drain(),
              exempt,
              transport,
              new LoopChoice(),
              2));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  EdgeServer server() {
    return server;
  }

  RawClient connect() {
    return RawClient.connect(server.port());
  }

  @Override
  public void close() {
    server.close();
  }
}
