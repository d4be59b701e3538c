package dev.gatewright.web;

import dev.gatewright.edge.Refusal;
import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.trace.Tracing;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The control plane: REST resources, their documentation, later the dashboard. Listens on the
/// loopback address, on a port of its own choice, for what the edge hands off and nothing else.
/// Each request runs on a virtual thread. Thread-safe.
public final class Portal implements AutoCloseable {
  /// The edge's limit on a request's head, and room for the hand-off's own headers.
  private static final int HEADER_BYTES_MAX = 48 << 10;

  private static final long IDLE_MILLIS = 60_000;

  /// Longer than the edge's relay keeps a connection that nobody uses, so that the relay closes it
  /// and no request is lost to a close at this end.
  private static final long REST_MILLIS = 90_000;

  /// Nothing is waited for: the edge ends its exchanges before the portal is stopped.
  private static final long STOP_MILLIS = 0;

  private final Javalin javalin;

  private Portal(Javalin javalin) {
    this.javalin = javalin;
  }

  /// Starts listening. Blocks until it does.
  ///
  /// @param secret of this start; requests without it are not from the edge
  /// @param tracing whether spans are recorded
  /// @param resources what it serves
  /// @param others fragments of the document for what is served elsewhere
  public static Portal start(
      Secret secret,
      Tracing tracing,
      Entry entry,
      Cursors cursors,
      List<Resource> resources,
      List<String> others,
      String version) {
    List<Resource> all = new ArrayList<>(resources);
    List<String> fragments = List.copyOf(others);
    all.add(new DocsApi(() -> OpenApiDocument.join(fragments, all, version).toString()).resource());
    Javalin javalin =
        Javalin.create(config -> {
          listening(config, secret, tracing);
          limits(config);
          config.routes.before(Portal::begin);
          Door door = new Door(entry);
          new Refusals(all, door).mount(config.routes);
          List<ApiRoute> routes = Resource.routes(all);
          for (ApiRoute route : routes) {
            config.routes.addEndpoint(
                new Endpoint(
                    HandlerType.findOrCreate(route.method()),
                    route.path(),
                    new RouteHandler(route, door, cursors, entry.creates(), item(routes, route))));
          }
        });
    return new Portal(javalin.start());
  }

  /// HEAD is no method of ours: the framework would answer it by a GET's handler.
  private static void begin(Context context) {
    context.header("cache-control", "no-store");
    if (context.method().equals(HandlerType.HEAD)) {
      throw new Problem(
          Refusal.methodNotAllowed(
              "HEAD is not a method of %s.".formatted(Refusal.shown(context.path()))));
    }
  }

  /// The route that shows what this one creates; null = it creates nothing.
  private static @Nullable ApiRoute item(List<ApiRoute> routes, ApiRoute creates) {
    if (!creates.creates()) {
      return null;
    }
    String path = creates.path() + "/{id}";
    return routes.stream()
        .filter(route -> route.method().equals("GET") && route.path().equals(path))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(creates.name() + " creates what no GET " + path + " shows"));
  }

  /// The port on 127.0.0.1.
  public int port() {
    return javalin.port();
  }

  /// `METHOD /path/{parameter}` of every route, for the test that holds them against the document.
  public List<String> routes() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .filter(parsed -> parsed.endpoint.method.isHttpMethod())
        .map(parsed -> parsed.endpoint.method.name() + " " + parsed.endpoint.path)
        .toList();
  }

  private static void listening(JavalinConfig config, Secret secret, Tracing tracing) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.jetty.addConnector(Portal::connector);
    config.jetty.modifyServer(server -> {
      server.setHandler(new HandoffGuard(secret, tracing));
      server.setErrorHandler(Portal::refuseUnread);
      server.setStopTimeout(STOP_MILLIS);
    });
    config.jetty.modifyHttpConfiguration(http -> {
      http.setSendServerVersion(false);
      http.setSendDateHeader(false);
      http.setRequestHeaderSize(HEADER_BYTES_MAX);
      http.setIdleTimeout(IDLE_MILLIS);
    });
  }

  private static Connector connector(Server server, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    connector.setIdleTimeout(REST_MILLIS);
    return connector;
  }

  private static void limits(JavalinConfig config) {
    config.http.maxRequestSize = ApiRoute.BODY_BYTES_MOST;
    config.http.prefer405over404 = true;
    config.http.generateEtags = false;
    config.http.defaultContentType = "application/json";
    config.router.caseInsensitiveRoutes = false;
    config.router.ignoreTrailingSlashes = false;
  }

  /// What Jetty refuses before any route is asked, such as a head that is too long.
  private static boolean refuseUnread(Request request, Response response, Callback callback) {
    String id = request.getHeaders().get(HandoffHeaders.REQUEST_ID);
    String body =
        """
        {"error":{"type":"invalid_request_error","code":"invalid_request",\
        "message":"The request cannot be read.","param":null,"request_id":"%s"}}\
        """
            .formatted(id == null ? "req_unknown" : id);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, StandardCharsets.UTF_8.encode(body), callback);
    return true;
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
