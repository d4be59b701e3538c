package dev.gatewright.limit.change;

import dev.gatewright.ledger.Usd;
import dev.gatewright.limit.StoredLimit;
import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Window;
import dev.gatewright.rest.ETag;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A limit as REST shows it; the schema `Limit` in `openapi/limit.yaml`.
final class LimitView {
  private LimitView() {}

  static Map<String, @Nullable Object> of(StoredLimit stored) {
    Limit limit = stored.limit();
    Window per = limit.per();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", limit.id());
    fields.put("on", limit.on());
    fields.put("kind", limit.kind().word());
    fields.put("max", limit.kind() == LimitKind.SPEND ? Usd.text(limit.max()) : limit.max());
    fields.put("per", per == null ? null : per.word());
    fields.put("created_by", stored.createdBy());
    fields.put("created_at", Instant.ofEpochMilli(stored.createdMillis()).toString());
    return fields;
  }

  static String tag(StoredLimit stored) {
    return ETag.of(stored.limit().id(), stored.version());
  }
}
