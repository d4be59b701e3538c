package dev.gatewright.service.form;

import dev.gatewright.call.Body;
import dev.gatewright.call.CallerBody;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.body.BodyKind;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.ServiceRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Forms with a file. For a key no rule on models binds they stream straight through; for others
/// the field `model` is read first, from the parts before the file or from the spooled whole.
public record MultipartRule(BodySpool spool, BodyKind kind) implements BodyRule {
  @Override
  public void look(ServiceRequest request, Consumer<Look> then) {
    String type = request.exchange().request().headers().get(HttpHeaderNames.CONTENT_TYPE);
    String boundary = FormType.boundary(type);
    Measure measure = Measure.of(BodyKind.meter(request.endpoint()));
    if (!kind.readsModel() || request.caller().policy().allowsEveryModel()) {
      long bytesMax = request.bodyBytesMax();
      Body passing = new CallerBody(request.exchange(), bytesMax);
      RecordingWatch watch = new RecordingWatch(boundary, measure);
      then.accept(new Look.Ready(null, new WatchedBody(passing, watch), measure, false));
    } else if (boundary == null) {
      then.accept(new Look.Refused(noForm(type)));
    } else {
      new MultipartUpload(request, spool, boundary, measure, then).start();
    }
  }

  private static Refusal noForm(@Nullable String type) {
    return Refusal.unsupportedMediaType(
        "content-type: %s (expected: multipart/form-data with a boundary, because the key has rules on models)"
            .formatted(type == null ? "none" : type));
  }
}
