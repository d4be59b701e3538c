package dev.gatewright.portal;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.ApiRefused;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.ticket.TicketApi;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Stands before every `/api/*` resource (tickets are for other keys, too): an admin key, or the
/// command line's key of this start, and a body that is JSON. Whatever is behind it finds an
/// [ApiCaller] on its request.
final class ApiGuard implements Handler {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final PortalAdmission admission;

  ApiGuard(PortalAdmission admission) {
    this.admission = admission;
  }

  /// PailKit's paths stand under `/api` too, but a provider's credential is their way in.
  private static final String ROOMS = "/api/rooms/";

  @Override
  public void handle(Context context) {
    if (context.path().startsWith(ROOMS)) {
      return;
    }
    InetAddress client = client(context);
    boolean ticket =
        context.path().equals(TicketApi.PATH) && context.method().name().equals("POST");
    switch (admission.admit(name -> headerValues(context, name), client)) {
      case Admitted.No no -> throw new ApiRefused(no.refusal());
      // Any key may ask for a ticket for itself; the resource says which kinds get one.
      case Admitted.Yes yes when ticket -> context.attribute(TicketApi.HOLDER, yes.caller().key());
      case Admitted.Yes yes ->
          context.attribute(ApiCaller.ATTRIBUTE, caller(yes.caller(), client, requestId(context)));
    }
    requireJson(context);
  }

  private static ApiCaller caller(Caller caller, InetAddress client, String requestId) {
    ApiKey key = caller.key();
    if (key.kind() != ApiKey.Kind.ADMIN) {
      throw new ApiRefused(
          Refusal.denied(
              "This needs an admin key (gw_admin_…); the key presented is another kind."));
    }
    return new ApiCaller(
        LocalAdmin.actor(key),
        key.tenant(),
        LocalAdmin.is(key),
        key.rules(),
        key.manages(),
        requestId,
        client.getHostAddress());
  }

  private static void requireJson(Context context) {
    boolean body = context.contentLength() > 0 || context.header("transfer-encoding") != null;
    if (!body || !WITH_BODY.contains(context.method().name())) {
      return;
    }
    String type = context.contentType();
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/json")) {
      throw new ApiRefused(
          Refusal.unsupportedMediaType(
              "content-type: %s (expected: application/json)".formatted(type)));
    }
  }

  static String requestId(Context context) {
    String id = context.header(PortalHeaders.REQUEST_ID);
    return id == null ? "req_unknown" : id;
  }

  private static List<String> headerValues(Context context, String name) {
    return Collections.list(context.req().getHeaders(name));
  }

  /// The edge writes an address literal, so nothing is looked up here.
  private static InetAddress client(Context context) {
    String text = context.header(PortalHeaders.CLIENT);
    try {
      return InetAddress.ofLiteral(text == null ? "" : text);
    } catch (IllegalArgumentException notLiteral) {
      throw new IllegalStateException("hand-off without a client address", notLiteral);
    }
  }
}
