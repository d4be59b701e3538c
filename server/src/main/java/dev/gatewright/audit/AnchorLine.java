package dev.gatewright.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/// An anchor as a line of the access log, which goes wherever the logs go.
public final class AnchorLine {
  private AnchorLine() {}

  /// With its line feed.
  public static byte[] of(AuditAnchor anchor) {
    ObjectNode line =
        JsonNodeFactory.instance.objectNode().put("time", anchor.at()).put("event", "audit_anchor");
    line.set("anchor", anchor.toJson());
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
