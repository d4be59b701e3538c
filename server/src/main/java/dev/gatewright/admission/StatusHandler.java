package dev.gatewright.admission;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.edge.EdgeHandler;
import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.key.ApiKey;
import dev.gatewright.policy.Rule;
import java.time.Instant;
import java.util.Locale;

/// GET /status: who the presented key is, what limits it, and how long it is good for.
public final class StatusHandler implements EdgeHandler {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Admission admission;

  public StatusHandler(Admission admission) {
    this.admission = admission;
  }

  @Override
  public void handle(Exchange exchange) {
    admission.admit(
        exchange,
        admitted -> {
          switch (admitted) {
            case Admitted.No no -> EdgeReply.refuse(exchange, no.refusal());
            case Admitted.Yes yes ->
                EdgeReply.json(exchange, 200, describe(yes.caller().key()).toString());
          }
        });
  }

  private static ObjectNode describe(ApiKey key) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", key.id());
    json.put("name", key.name());
    json.put("kind", key.kind().name().toLowerCase(Locale.ROOT));
    json.put("organization_id", key.tenant().organizationId());
    json.put("project_id", key.tenant().projectId());
    Long expires = key.expiresMillis();
    json.put("expires_at", expires == null ? null : Instant.ofEpochMilli(expires).toString());
    ArrayNode rules = json.putArray("rules");
    for (Rule rule : key.rules()) {
      ObjectNode entry = rules.addObject();
      entry.put("effect", rule.effect().name().toLowerCase(Locale.ROOT));
      entry.put("type", rule.type().name().toLowerCase(Locale.ROOT));
      rule.values().forEach(entry.putArray("values")::add);
    }
    // Rate limits and budgets come with the packages that keep them.
    json.putArray("limits");
    return json;
  }
}
