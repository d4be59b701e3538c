package dev.gatewright.service.body;

import dev.gatewright.call.WholeBody;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.HeldBody;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.preset.Access;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds a JSON body within the common budget, reads it in one pass, and lets it go out as it came.
/// Backends read JSON whatever the content type says, so this does as well.
///
/// @param bodyBytesMax the edge's `limits.body`
public record JsonBodyRule(HeldBodies budget, long bodyBytesMax, BodyKind kind, BodyFields fields)
    implements BodyRule {
  private static final Set<String> STREAMING =
      Set.of("/api/chat", "/api/generate", "/api/pull", "/api/push", "/api/create");

  @Override
  public void look(ServiceRequest request, Consumer<Look> then) {
    String encoding = request.exchange().request().headers().get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      then.accept(
          new Look.Refused(
              Refusal.unsupportedMediaType(
                  "content-encoding: a compressed body is not accepted (expected: none)")));
      return;
    }
    HeldBody held =
        new HeldBody(
            budget,
            request.caller().holder(),
            request.exchange().request().bodyLength(),
            new HeldBody.Receiver() {
              @Override
              public void received(HeldBody body) {
                then.accept(read(request, body));
              }

              @Override
              public void refused(Refusal why) {
                then.accept(new Look.Refused(why));
              }
            });
    request.exchange().onEnded(_ -> held.abandon());
    long bytesMax = Math.min(bodyBytesMax, request.bodyBytesMax());
    request.exchange().receive(held, bytesMax);
  }

  private Look read(ServiceRequest request, HeldBody body) {
    Service service = request.service();
    FieldBounds bounds =
        request.manages() ? null : new FieldBounds(service.id(), service.config().bounds());
    JsonPeek.Said said = JsonPeek.at(fields, bounds, body.bytes());
    Refusal refusal = said.refusal() != null ? said.refusal() : unnamed(request, said.model());
    if (refusal != null) {
      body.release();
      return new Look.Refused(refusal);
    }
    Measure measure = Measure.of(BodyKind.meter(request.endpoint()));
    measure.promptTokens(Measure.tokens(said.promptBytes()));
    measure.characters(said.asks().characters());
    return new Look.Ready(
        said.model(), new WholeBody(body), measure, streams(request, said.stream()), said.asks());
  }

  /// Ollama's own answers are streams unless the caller says otherwise.
  private boolean streams(ServiceRequest request, @Nullable Boolean said) {
    return said == null
        ? fields == BodyFields.OLLAMA && STREAMING.contains(request.endpoint().path())
        : said;
  }

  /// Without a name the backend takes what it has loaded, and no rule on models could tell what.
  private @Nullable Refusal unnamed(ServiceRequest request, @Nullable String model) {
    boolean free = request.caller().policy().allowsEveryModel();
    boolean use = request.endpoint().access() == Access.USE;
    return model == null && use && kind.readsModel() && !free ? modelMissing() : null;
  }

  public static Refusal modelMissing() {
    return Refusal.invalid(
        "model: missing (expected: a name, because the key has rules on models)", "model");
  }
}
