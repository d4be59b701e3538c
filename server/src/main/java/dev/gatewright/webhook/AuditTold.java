package dev.gatewright.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.audit.AuditEntry;
import dev.gatewright.rest.Json;
import java.nio.charset.StandardCharsets;
import org.jdbi.v3.core.Handle;

/// What the audit chain writes down is told as it stands there: who, and what the link says about
/// it; not from where.
public final class AuditTold {
  private AuditTold() {}

  /// Called for each link, in its transaction.
  public static void tell(Handle handle, AuditEntry link) {
    if (!Kinds.told(link.action())) {
      return;
    }
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("actor", link.actor().id());
    JsonNode detail = Json.tree(link.detail().getBytes(StandardCharsets.UTF_8));
    data.set("detail", detail);
    Happenings.tell(
        handle,
        link.tenant().organizationId(),
        link.action(),
        link.subject(),
        data,
        link.atMillis());
  }
}
