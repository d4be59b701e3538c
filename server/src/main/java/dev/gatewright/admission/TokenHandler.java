package dev.gatewright.admission;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.oauth.FormFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// POST /api/auth/token: a key's id and text for a token of ten minutes (RFC 6749 §4.4). POST
/// /api/auth/token/introspect: what a token is worth (RFC 7662), for keys of its organization. Both
/// answer errors as OAuth has them.
public final class TokenHandler implements EdgeHandler {
  /// Longest body.
  public static final int BODY_BYTES_MAX = 8 << 10;

  private static final String FORM = "application/x-www-form-urlencoded";

  private final AccessTokens tokens;
  private final KeyDirectory directory;
  private final boolean introspects;

  private TokenHandler(AccessTokens tokens, KeyDirectory directory, boolean introspects) {
    this.tokens = tokens;
    this.directory = directory;
    this.introspects = introspects;
  }

  public static TokenHandler granting(AccessTokens tokens, KeyDirectory directory) {
    return new TokenHandler(tokens, directory, false);
  }

  public static TokenHandler introspecting(AccessTokens tokens, KeyDirectory directory) {
    return new TokenHandler(tokens, directory, true);
  }

  @Override
  public void handle(Exchange exchange) {
    exchange.receive(new Form(exchange), BODY_BYTES_MAX);
  }

  /// How OAuth says no.
  ///
  /// @param reason for the access log
  private record Fault(int status, String error, String description, int retryAfterSeconds) {
    static Fault request(String description) {
      return new Fault(400, "invalid_request", description, 0);
    }

    static Fault client() {
      return new Fault(
          401, "invalid_client", "The client is not known, or its secret is wrong.", 0);
    }

    static Fault of(Refusal refusal) {
      return new Fault(
          refusal.status(),
          refusal.status() == 401 ? "invalid_client" : "temporarily_unavailable",
          refusal.message(),
          refusal.retryAfterSeconds());
    }
  }

  /// @param id `key_…`
  private record Client(String id, String secret) {
    @Override
    public String toString() {
      return id;
    }
  }

  /// The body as it comes, then what is done with it. Confined to the exchange's event loop.
  private final class Form implements BodyReceiver {
    private final Exchange exchange;
    private final ByteBuf body = Unpooled.buffer(256, BODY_BYTES_MAX);

    Form(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void data(ByteBuf part) {
      body.writeBytes(part);
      part.release();
    }

    @Override
    public void refused(Refusal refusal) {
      EdgeReply.refuse(exchange, refusal);
    }

    @Override
    public void end() {
      String type = exchange.request().headers().get("content-type", "");
      String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      Map<String, String> fields =
          media.equals(FORM) ? FormFields.read(body.toString(StandardCharsets.UTF_8)) : null;
      if (fields == null) {
        no(exchange, Fault.request("The body is no form of fields that stand there once: " + FORM));
        return;
      }
      Fault fault = introspects ? null : grantFault(fields);
      Client client = client(exchange.request().headers(), fields);
      if (fault != null || client == null) {
        no(exchange, fault != null ? fault : Fault.client());
        return;
      }
      directory.find(
          client.secret(),
          exchange.request().client(),
          lookup ->
              KeyAdmission.tell(
                  exchange,
                  KeyAdmission.authorize(
                      KeyAdmission.authenticate(lookup), exchange.request().client()),
                  admitted -> known(exchange, client, admitted, fields)));
    }
  }

  private static @Nullable Fault grantFault(Map<String, String> fields) {
    String grant = fields.get("grant_type");
    if (grant == null) {
      return Fault.request("grant_type: is missing (expected: client_credentials)");
    }
    if (!grant.equals("client_credentials")) {
      return new Fault(400, "unsupported_grant_type", "expected: client_credentials", 0);
    }
    return fields.getOrDefault("scope", "").isEmpty()
        ? null
        : new Fault(400, "invalid_scope", "A token may what its key may; there are no scopes.", 0);
  }

  /// By `Authorization: Basic` or by fields, never both (RFC 6749 §2.3); null when it is neither.
  private static @Nullable Client client(HttpHeaders headers, Map<String, String> fields) {
    List<String> authorization = headers.getAll("authorization");
    String id = fields.get("client_id");
    String secret = fields.get("client_secret");
    if (authorization.isEmpty()) {
      return id == null || secret == null ? null : new Client(id, secret);
    }
    if (secret != null || authorization.size() > 1) {
      return null;
    }
    Client basic = basic(authorization.getFirst());
    return basic != null && (id == null || id.equals(basic.id())) ? basic : null;
  }

  private static @Nullable Client basic(String value) {
    if (!value.regionMatches(true, 0, "basic ", 0, 6)) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(value.substring(6).strip());
      String pair = new String(bytes, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      String id = colon < 0 ? null : FormFields.decoded(pair.substring(0, colon));
      String secret = colon < 0 ? null : FormFields.decoded(pair.substring(colon + 1));
      return id == null || secret == null ? null : new Client(id, secret);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  private void known(
      Exchange exchange, Client client, Admitted admitted, Map<String, String> fields) {
    switch (admitted) {
      case Admitted.No no -> no(exchange, Fault.of(no.refusal()));
      case Admitted.Yes(Caller caller) -> {
        boolean its = caller.id().equals(client.id()) && !client.id().equals(LocalAdmin.ID);
        if (!its) {
          no(exchange, Fault.client());
        } else if (introspects) {
          introspect(exchange, caller, fields.get("token"));
        } else {
          grant(exchange, caller);
        }
      }
    }
  }

  private void grant(Exchange exchange, Caller caller) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("access_token", tokens.issue(caller.id()).expose());
    answer.put("token_type", "Bearer");
    answer.put("expires_in", AccessTokens.LIFE.toSeconds());
    reply(exchange, 200, answer, newHeaders());
  }

  /// A token of another organization's is as unknown as one that never was.
  private void introspect(Exchange exchange, Caller caller, @Nullable String token) {
    if (token == null) {
      no(exchange, Fault.request("token: is missing"));
      return;
    }
    AccessTokens.Granted granted = tokens.read(token);
    if (granted == null) {
      inactive(exchange);
      return;
    }
    directory.look(
        granted.keyId(),
        lookup ->
            KeyAdmission.tell(
                exchange,
                KeyAdmission.authenticate(lookup),
                admitted -> told(exchange, caller, granted, admitted)));
  }

  private static void told(
      Exchange exchange, Caller caller, AccessTokens.Granted granted, Admitted admitted) {
    exchange.access().caller(caller);
    switch (admitted) {
      case Admitted.No no when no.refusal().status() != 401 -> no(exchange, Fault.of(no.refusal()));
      case Admitted.No _ -> inactive(exchange);
      case Admitted.Yes(Caller holder)
          when !holder.tenant().organizationId().equals(caller.tenant().organizationId()) ->
          inactive(exchange);
      case Admitted.Yes(Caller holder) -> {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("active", true);
        answer.put("client_id", holder.id());
        answer.put("sub", holder.id());
        answer.put("token_type", "Bearer");
        answer.put("iat", granted.issuedMillis() / 1000);
        answer.put("exp", granted.expiresMillis() / 1000);
        reply(exchange, 200, answer, newHeaders());
      }
    }
  }

  private static void inactive(Exchange exchange) {
    reply(exchange, 200, JsonNodeFactory.instance.objectNode().put("active", false), newHeaders());
  }

  private static void no(Exchange exchange, Fault fault) {
    if (exchange.access().reason() == null) {
      exchange.access().reason(fault.error());
    }
    HttpHeaders headers = newHeaders();
    if (fault.status() == 401) {
      headers.set("www-authenticate", "Basic realm=\"gatewright\"");
    }
    if (fault.retryAfterSeconds() > 0) {
      headers.set("retry-after", Integer.toString(fault.retryAfterSeconds()));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("error", fault.error());
    answer.put("error_description", fault.description());
    reply(exchange, fault.status(), answer, headers);
  }

  /// Nobody in between keeps it (RFC 6749 §5.1).
  private static HttpHeaders newHeaders() {
    return EdgeReply.newHeaders()
        .set("content-type", "application/json")
        .set("cache-control", "no-store")
        .set("pragma", "no-cache");
  }

  private static void reply(Exchange exchange, int status, ObjectNode body, HttpHeaders headers) {
    exchange.reply(
        status, headers, Unpooled.wrappedBuffer(body.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
