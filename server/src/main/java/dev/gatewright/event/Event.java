package dev.gatewright.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.rest.Permission;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that happened: which thing and what, never the thing itself. Whoever wants it asks for
/// it by REST, and gets as much as his role allows.
///
/// @param place its number in its source
/// @param type such as `key`
/// @param action a word
/// @param objectId what it happened to
/// @param projectId whose that is; null = the organization's
/// @param requestId null = none is known
/// @param personId whose a key, a membership, a rule or an act is; null = nobody's in particular
/// @param count of how many like it this one tells
record Event(
    Source source,
    long place,
    String type,
    String action,
    @Nullable String objectId,
    @Nullable String projectId,
    @Nullable String requestId,
    long atMillis,
    @Nullable String personId,
    int count) {
  static final String REQUEST = "request";

  /// Sums have grown, for who may see no more than these.
  static final String USAGE = "usage";

  static final String AUDIT = "audit";
  static final String KEY = "key";
  static final String POLICY = "policy";
  static final String CREDENTIAL = "credential";
  static final String MEMBER = "member";
  static final String PROJECT = "project";

  /// Which permission lets one hear of what.
  static final Map<String, Permission> TYPES =
      Map.ofEntries(
          Map.entry("organization", Permission.ORG_READ),
          Map.entry(PROJECT, Permission.PROJECT_READ),
          Map.entry(MEMBER, Permission.MEMBER_READ),
          Map.entry("invitation", Permission.MEMBER_READ),
          Map.entry(KEY, Permission.KEY_READ),
          Map.entry(POLICY, Permission.POLICY_READ),
          Map.entry("limit", Permission.POLICY_READ),
          Map.entry(CREDENTIAL, Permission.CREDENTIAL_READ),
          Map.entry("provider", Permission.PROVIDER_READ),
          Map.entry("model", Permission.PROVIDER_READ),
          Map.entry("room", Permission.ROOM_READ),
          Map.entry("service", Permission.SERVICE_READ),
          Map.entry(REQUEST, Permission.USAGE_READ),
          Map.entry(AUDIT, Permission.AUDIT_READ));

  /// What tells it.
  enum Source {
    AUDIT,
    LOG
  }

  /// The same without what it happened to: that the sums have grown.
  Event asUsage() {
    return new Event(source, place, USAGE, "grown", null, null, null, atMillis, null, 1);
  }

  /// One for many like it, in place of the last of them.
  Event many(int all) {
    return new Event(source, place, type, "many", null, null, null, atMillis, null, all);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", type).put("action", action);
    if (objectId != null) {
      json.put("object", objectId);
    }
    if (projectId != null) {
      json.put("project_id", projectId);
    }
    if (requestId != null) {
      json.put("request_id", requestId);
    }
    if (count > 1) {
      json.put("count", count);
    }
    return json.put("at", Instant.ofEpochMilli(atMillis).toString());
  }
}
