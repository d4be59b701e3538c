package dev.gatewright.service;

import dev.gatewright.call.CallerBody;
import dev.gatewright.call.tap.Measure;
import dev.gatewright.call.tap.Meter;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.service.body.BodyFields;
import dev.gatewright.service.body.BodyKind;
import dev.gatewright.service.body.BodyRule;
import dev.gatewright.service.body.BodyRule.Look;
import dev.gatewright.service.body.BodyRules;
import dev.gatewright.service.body.JsonBodyRule;
import dev.gatewright.service.body.ServiceRequest;
import dev.gatewright.service.form.BodySpool;
import dev.gatewright.service.form.MultipartRule;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.util.Objects;
import java.util.function.Consumer;

/// Chooses the rule for each body by preset and endpoint. Thread-safe.
///
/// @param budget the common one for bodies held in memory
/// @param bodyBytesMax the edge's `limits.body`
/// @param spool where forms wait whose model comes behind the file
public record ServiceBodies(HeldBodies budget, long bodyBytesMax, BodySpool spool)
    implements BodyRules {

  @Override
  public BodyRule of(Preset preset, ServiceEndpoint endpoint) {
    BodyKind kind = BodyKind.of(preset, endpoint);
    BodyFields fields = kind.fields();
    return switch (kind.form()) {
      case MULTIPART -> new MultipartRule(spool, kind);
      case JSON -> new JsonBodyRule(budget, bodyBytesMax, kind, Objects.requireNonNull(fields));
      case RAW -> ServiceBodies::raw;
    };
  }

  /// Nobody counts the characters of what nobody looks into.
  private static Meter unseen(Meter meter) {
    return meter == Meter.SPEECH ? Meter.TOKENS : meter;
  }

  private static void raw(ServiceRequest request, Consumer<Look> then) {
    long bytesMax = request.bodyBytesMax();
    then.accept(
        new Look.Ready(
            null,
            new CallerBody(request.exchange(), bytesMax),
            Measure.of(unseen(BodyKind.meter(request.endpoint()))),
            request.acceptsEvents()));
  }
}
