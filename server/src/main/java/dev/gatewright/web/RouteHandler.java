package dev.gatewright.web;

import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Cursors;
import dev.gatewright.rest.Problem;
import dev.gatewright.web.idempotency.Creates;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One route behind its door: body within its limit and JSON, then the caller, then the handler,
/// then the answer.
///
/// @param item shows what the route creates; null = it creates nothing
record RouteHandler(
    ApiRoute route, Door door, Cursors cursors, Creates creates, @Nullable ApiRoute item)
    implements Handler {
  @Override
  public void handle(Context context) throws IOException {
    ApiCall.Origin origin = HandedOver.origin(context);
    // Who calls comes first: nobody learns from us what a body should be before the key is good.
    Object caller =
        door.open(
            route,
            origin,
            context.pathParamMap().get("id"),
            HandedOver.headers(context),
            cookie -> Written.cookie(context, cookie));
    byte[] body = body(context);
    requireMedia(context, body);
    ApiCall.Head head =
        new ApiCall.Head(
            context.pathParamMap(), context.queryString(), HandedOver.headers(context));
    ApiCall call = new ApiCall(route, origin, head, body, caller, cursors, context::header);
    Answer answer =
        item == null
            ? route.handler().handle(call)
            : creates.once(
                call,
                route.handler(),
                id -> item.handler().handle(call.to(item, Map.of("id", id))));
    Written.answer(context, answer);
  }

  private byte[] body(Context context) throws IOException {
    try (InputStream in = context.bodyInputStream()) {
      byte[] body = in.readNBytes(route.bodyBytesMax() + 1);
      if (body.length > route.bodyBytesMax()) {
        throw new Problem(
            Refusal.tooLarge(
                route.bodyBytesMax() == 0
                    ? "body: given (expected: none)"
                    : "body: longer (expected: at most %d bytes)".formatted(route.bodyBytesMax())));
      }
      return body;
    }
  }

  private void requireMedia(Context context, byte[] body) {
    String expected = route.form() ? "application/x-www-form-urlencoded" : "application/json";
    if (body.length == 0) {
      return;
    }
    String type = context.contentType();
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals(expected)) {
      throw new Problem(
          Refusal.unsupportedMediaType(
              "content-type: %s (expected: %s)".formatted(type, expected)));
    }
  }
}
