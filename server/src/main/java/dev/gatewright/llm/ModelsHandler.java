package dev.gatewright.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Rung;
import dev.gatewright.llm.custom.CustomDirectory;
import dev.gatewright.llm.dialect.LlmReply;
import dev.gatewright.llm.dialect.ModelList;
import dev.gatewright.llm.provider.Provider;
import dev.gatewright.llm.provider.Target;
import dev.gatewright.llm.route.OwnRoutes;
import dev.gatewright.llm.route.Router;
import dev.gatewright.llm.simulator.Simulator;
import dev.gatewright.store.TenantFacts;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// GET /v1/models and GET /v1/models/{id}: what the key may use, and nothing else. OpenAI's shape,
/// Anthropic's when `anthropic-version` is sent. Thread-safe.
final class ModelsHandler implements EdgeHandler, Judge {
  static final String LIST = "/v1/models";
  static final String ONE = "/v1/models/{id*}";

  /// Of all providers' own lists together: each name is asked about at every rule of the caller's.
  private static final int LISTED_MAX = 2_000;

  private final LlmPlane plane;

  ModelsHandler(LlmPlane plane) {
    this.plane = plane;
  }

  @Override
  public void reject(Exchange exchange, Refusal refusal, HttpHeaders headers) {
    LlmReply.refuse(exchange, UnknownEndpoint.dialect(exchange), refusal, headers);
  }

  @Override
  public void handle(Exchange exchange) {
    plane
        .admission()
        .admit(
            exchange,
            admitted -> {
              switch (admitted) {
                case Admitted.No(Refusal refusal, String _) -> refuse(exchange, refusal);
                case Admitted.Yes(Caller caller) ->
                    plane
                        .custom()
                        .find(
                            caller.tenant().organizationId(),
                            exchange.eventLoop(),
                            own -> answer(exchange, caller, own),
                            why -> refuse(exchange, why));
              }
            });
  }

  @Override
  public boolean traced() {
    return true;
  }

  /// A list shows what is allowed; one model is there or not.
  @Override
  public Judgement judge(Caller caller, Question question) {
    if (question.path().length() <= LIST.length()) {
      return new Judgement.Passes(null, Rung.NONE);
    }
    String id = decoded(question.path().substring(LIST.length() + 1));
    return switch (plane.custom().get(caller.tenant().organizationId())) {
      case TenantFacts.Found.Value<OwnRoutes>(OwnRoutes own) ->
          judge(id, id == null ? null : find(caller, own, id));
      case TenantFacts.Found.Unavailable<OwnRoutes> _ ->
          new Judgement.Refused(CustomDirectory.unavailable());
    };
  }

  private static Judgement judge(@Nullable String id, ModelList.@Nullable Model model) {
    return model == null
        ? new Judgement.Refused(Router.unknown(id == null ? "" : id))
        : new Judgement.Passes(null, Rung.NONE);
  }

  private void answer(Exchange exchange, Caller caller, OwnRoutes own) {
    String path = exchange.request().path();
    if (path.length() <= LIST.length()) {
      list(exchange, caller, own);
      return;
    }
    ModelList form = ModelList.of(UnknownEndpoint.dialect(exchange));
    String id = decoded(path.substring(LIST.length() + 1));
    ModelList.Model model = id == null ? null : find(caller, own, id);
    if (model == null) {
      refuse(exchange, Router.unknown(id == null ? "" : id));
    } else {
      send(exchange, form.one(model));
    }
  }

  /// Calls of test keys reach no provider, and neither do their questions.
  private void list(Exchange exchange, Caller caller, OwnRoutes own) {
    List<Provider> listed = caller.test() ? List.of() : plane.router().routing().listed(own);
    if (listed.isEmpty()) {
      list(exchange, caller, own, List.of());
      return;
    }
    plane.payment(
        caller,
        null,
        exchange.eventLoop(),
        payment ->
            plane
                .listing()
                .find(
                    caller.tenant().organizationId(),
                    listed,
                    payment,
                    exchange.eventLoop(),
                    ids -> list(exchange, caller, own, ids)),
        why -> refuse(exchange, why));
  }

  private void list(Exchange exchange, Caller caller, OwnRoutes own, List<String> theirs) {
    ModelList form = ModelList.of(UnknownEndpoint.dialect(exchange));
    send(exchange, form.list(models(caller, own, theirs)));
  }

  private List<ModelList.Model> models(Caller caller, OwnRoutes own, List<String> theirs) {
    List<ModelList.Model> models = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>(plane.router().routing().modelIds());
    ids.addAll(own.modelIds());
    theirs.stream().limit(LISTED_MAX).forEach(ids::add);
    for (String id : ids) {
      Target target = plane.router().firstAllowed(caller, own, id);
      if (target != null) {
        models.add(new ModelList.Model(id, target.provider().id()));
      }
    }
    if (caller.test()) {
      for (String id : Simulator.MODELS) {
        if (plane.router().allowsTest(caller, own, id) == null) {
          models.add(simulated(id));
        }
      }
    }
    return models;
  }

  private ModelList.@Nullable Model find(Caller caller, OwnRoutes own, String id) {
    Target target = plane.router().firstAllowed(caller, own, id);
    if (target != null) {
      return new ModelList.Model(id, target.provider().id());
    }
    // A test key may call every name its policy allows: each of them exists for it.
    boolean test = caller.test();
    return test && plane.router().allowsTest(caller, own, id) == null ? simulated(id) : null;
  }

  private static ModelList.Model simulated(String id) {
    return new ModelList.Model(id, "sim");
  }

  private void send(Exchange exchange, byte[] body) {
    HttpHeaders headers = EdgeReply.newHeaders();
    String etag = etag(body);
    headers.set(HttpHeaderNames.ETAG, etag);
    headers.set(HttpHeaderNames.CACHE_CONTROL, "private, max-age=60");
    headers.set(HttpHeaderNames.VARY, "authorization, x-api-key, anthropic-version");
    if (matches(exchange.request().headers().getAll(HttpHeaderNames.IF_NONE_MATCH), etag)) {
      exchange.reply(304, headers, Unpooled.EMPTY_BUFFER);
      return;
    }
    LlmReply.json(exchange, UnknownEndpoint.dialect(exchange), headers, body);
  }

  private static String etag(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return "\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "-" + body.length + "\"";
  }

  /// RFC 9110 §13.1.2: weak comparison, any of the list, or `*`.
  private static boolean matches(List<String> conditions, String etag) {
    for (String condition : conditions) {
      for (String one : condition.split(",", -1)) {
        String tag = one.strip();
        if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
          return true;
        }
      }
    }
    return false;
  }

  /// The rest of the path, percent-decoded once; null when that is not UTF-8 or not well-formed.
  static @Nullable String decoded(String raw) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        boolean whole = i + 2 < raw.length();
        int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    String text = new String(bytes, 0, length, UTF_8);
    return text.indexOf('\uFFFD') >= 0 || text.isEmpty() ? null : text;
  }

  private static void refuse(Exchange exchange, Refusal refusal) {
    LlmReply.refuse(exchange, UnknownEndpoint.dialect(exchange), refusal);
  }
}
