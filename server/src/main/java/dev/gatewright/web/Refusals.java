package dev.gatewright.web;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Faults;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import dev.gatewright.store.StoreFailed;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every way a request to the portal can fail, turned into its answer.
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final List<Resource> resources;
  private final Door door;

  Refusals(List<Resource> resources, Door door) {
    this.resources = resources;
    this.door = door;
  }

  void mount(RoutesConfig routes) {
    routes.exception(HttpResponseException.class, (failure, context) -> unrouted(failure, context));
    routes.exception(Exception.class, (thrown, context) -> answer(context, thrown));
  }

  private void answer(Context context, Exception thrown) {
    takeRest(context);
    Problem known = Faults.known(thrown);
    if (known == null) {
      LOG.error("{} {} failed", context.method(), HandedOver.requestId(context), thrown);
      known = Faults.unknown();
    } else if (thrown instanceof StoreFailed) {
      // One line: an outage has enough of them.
      LOG.warn("{} {}: {}", context.method(), HandedOver.requestId(context), thrown.getMessage());
    }
    Written.problem(context, known, Resource.form(resources, context.path()));
  }

  /// The edge has the whole body, within its limit, and sends it; an answer before its end would
  /// have the server close the connection under it.
  private static void takeRest(Context context) {
    try (InputStream in = context.bodyInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      // Nobody is left to be answered.
    }
  }

  /// No route, or not by this method: under /api that is nobody's business before the key is good.
  private void unrouted(HttpResponseException failure, Context context) {
    try {
      if (isApi(context.path())) {
        door.requireKnown(HandedOver.origin(context), HandedOver.headers(context));
      }
      throw new Problem(refusal(failure, context));
    } catch (Exception thrown) {
      answer(context, thrown);
    }
  }

  private static boolean isApi(String path) {
    return path.equals("/api") || (path.startsWith("/api/") && !path.startsWith("/api/rooms/"));
  }

  private static Refusal refusal(HttpResponseException failure, Context context) {
    String path = Refusal.shown(context.path());
    return switch (failure.getStatus()) {
      case 404 -> Refusal.notFound("There is nothing at " + path + ".");
      case 405 ->
          Refusal.methodNotAllowed("%s is not a method of %s.".formatted(context.method(), path));
      default ->
          failure.getStatus() < 500
              ? Refusal.of(
                  failure.getStatus(),
                  "invalid_request_error",
                  "invalid_request",
                  "The request cannot be read.")
              : Faults.unknown().refusal();
    };
  }
}
