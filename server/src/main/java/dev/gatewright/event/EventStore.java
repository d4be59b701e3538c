package dev.gatewright.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Problem;
import dev.gatewright.store.change.EventLogStore;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of what happened: audit entries beside whose thing each is about, and the event log.
final class EventStore {
  private static final int BATCHES_MAX = 8;

  private EventStore() {}

  /// Where the ends of these organizations' events are.
  static Map<String, Position> ends(Handle handle, Collection<String> organizationIds) {
    Map<String, Position> ends = new HashMap<>();
    if (!organizationIds.isEmpty()) {
      handle
          .createQuery(
              """
              SELECT o.id, COALESCE(a.seq, 0), COALESCE(e.seq, 0) FROM organization o
              LEFT JOIN audit_head a ON a.organization_id = o.id
              LEFT JOIN event_head e ON e.organization_id = o.id
              WHERE o.id IN (<organizationIds>)\
              """)
          .bindList("organizationIds", List.copyOf(organizationIds))
          .map((row, _) -> Map.entry(row.getString(1), Position.of(row.getLong(2), row.getLong(3))))
          .forEach(end -> ends.put(end.getKey(), end.getValue()));
    }
    return ends;
  }

  /// What audit entries after `seq` and up to `until` tell, in order: of each first what happened
  /// to the thing, then that there is an entry.
  static List<Event> audited(
      Handle handle, String organizationId, long seq, long until, int entriesMax) {
    List<Event> all = new ArrayList<>();
    handle
        .createQuery(
            """
            SELECT e.seq, e.project_id, e.at_millis, e.actor, e.action, e.subject, e.detail,
              k.project_id AS key_project,
              COALESCE(k.owner_person_id, k.created_by) AS key_person,
              c.project_id AS credential_project
            FROM audit_entry e
            LEFT JOIN api_key k ON k.organization_id = e.organization_id AND k.id = e.subject
            LEFT JOIN credential c ON c.organization_id = e.organization_id AND c.id = e.subject
            WHERE e.organization_id = :organizationId AND e.seq > :seq AND e.seq <= :until
            ORDER BY e.seq LIMIT :max\
            """)
        .bind("organizationId", organizationId)
        .bind("seq", seq)
        .bind("until", until)
        .bind("max", entriesMax)
        .map((row, _) -> events(row))
        .forEach(all::addAll);
    return all;
  }

  private static List<Event> events(ResultSet row) throws SQLException {
    long seq = row.getLong("seq");
    String action = row.getString("action");
    Event entry =
        new Event(
            Event.Source.AUDIT,
            2 * seq,
            Event.AUDIT,
            action,
            row.getString("subject"),
            null,
            null,
            row.getLong("at_millis"),
            row.getString("actor"),
            1);
    int dot = action.indexOf('.');
    String type = dot < 0 ? action : action.substring(0, dot);
    return type.equals(Event.AUDIT) || !Event.TYPES.containsKey(type)
        ? List.of(entry)
        : List.of(thing(row, type, action.substring(dot + 1), entry), entry);
  }

  private static Event thing(ResultSet row, String type, String act, Event entry)
      throws SQLException {
    JsonNode detail = type.equals(Event.POLICY) ? detail(row.getString("detail")) : null;
    String subject = entry.objectId();
    String project =
        switch (type) {
          case Event.KEY -> row.getString("key_project");
          case Event.CREDENTIAL -> row.getString("credential_project");
          case Event.PROJECT -> subject;
          case Event.POLICY -> on(detail, "project");
          default -> null;
        };
    String person =
        switch (type) {
          case Event.KEY -> row.getString("key_person");
          case Event.MEMBER -> subject;
          case Event.POLICY -> ruled(detail);
          default -> null;
        };
    return new Event(
        Event.Source.AUDIT,
        entry.place() - 1,
        type,
        act,
        subject,
        project == null || project.isEmpty() ? null : project,
        null,
        entry.atMillis(),
        person,
        1);
  }

  /// Whose a rule is: a member's; nobody's where it is on the organization or a project; on
  /// anything else, somebody's whom no id names.
  private static @Nullable String ruled(@Nullable JsonNode detail) {
    return on(detail, "organization") == null && on(detail, "project") == null
        ? String.valueOf(on(detail, "member"))
        : null;
  }

  /// Whom a rule is on, where it is on something of this kind.
  private static @Nullable String on(@Nullable JsonNode detail, String kind) {
    return detail != null && detail.path("on").asText().equals(kind)
        ? detail.path("subject_id").asText()
        : null;
  }

  private static @Nullable JsonNode detail(String text) {
    try {
      return Json.tree(text.getBytes(StandardCharsets.UTF_8));
    } catch (Problem unreadable) {
      return null;
    }
  }

  /// Entries of the event log after `seq` and up to `until`, some at a time.
  static List<Event> logged(Handle handle, String organizationId, long seq, long until) {
    return EventLogStore.after(handle, organizationId, seq, until, BATCHES_MAX).stream()
        .map(each -> {
          EventLogStore.Entry entry = each.entry();
          return new Event(
              Event.Source.LOG,
              each.seq(),
              each.type(),
              entry.action(),
              entry.objectId(),
              entry.projectId(),
              entry.requestId(),
              entry.atMillis(),
              null,
              1);
        })
        .toList();
  }
}
