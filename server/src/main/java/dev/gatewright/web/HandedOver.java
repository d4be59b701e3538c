package dev.gatewright.web;

import dev.gatewright.handoff.HandoffHeaders;
import dev.gatewright.rest.ApiCall;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// What the edge says of a request it hands over.
final class HandedOver {
  private HandedOver() {}

  static ApiCall.Origin origin(Context context) {
    return new ApiCall.Origin(
        requestId(context),
        client(context),
        said(context, HandoffHeaders.SCHEME),
        said(context, HandoffHeaders.HOST));
  }

  private static String said(Context context, String name) {
    String value = context.header(name);
    return value == null ? "" : value;
  }

  static String requestId(Context context) {
    String id = context.header(HandoffHeaders.REQUEST_ID);
    return id == null ? "req_unknown" : id;
  }

  static Function<String, List<String>> headers(Context context) {
    return name -> Collections.list(context.req().getHeaders(name));
  }

  /// The edge writes an address literal, so nothing is looked up here.
  private static InetAddress client(Context context) {
    String text = context.header(HandoffHeaders.CLIENT);
    try {
      return InetAddress.ofLiteral(text == null ? "" : text);
    } catch (IllegalArgumentException notLiteral) {
      throw new IllegalStateException("hand-off without a client address", notLiteral);
    }
  }
}
