package dev.gatewright.audit;

import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// SQL of the audit chain.
final class AuditStore {
  private static final String COLUMNS =
      """
      organization_id, project_id, seq, at_millis, actor, action, subject, detail, hash, form,
      actor_kind, address, request_id, seal, via, agent, outcome\
      """;

  /// Links of a time are found by the first and the last number that any of them has, which an
  /// index knows by itself; clocks of replicas differ, so the time is asked as well (`+`: not by
  /// its index, which would have all of them sorted for one page).
  private static final String FROM =
      """
       AND seq >= (SELECT MIN(f.seq) FROM audit_entry f
         WHERE f.organization_id = :organizationId AND f.at_millis >= :from)
       AND +at_millis >= :from\
      """;

  private static final String TO =
      """
       AND seq <= (SELECT MAX(t.seq) FROM audit_entry t
         WHERE t.organization_id = :organizationId AND t.at_millis < :to)
       AND +at_millis < :to\
      """;

  private AuditStore() {}

  /// Where an organization's chain ends.
  record Head(long seq, String hash) {}

  /// @param head 0 and empty when there is none
  /// @param lastSeq the greatest number of any link; 0 = none
  record End(Head head, long lastSeq) {}

  /// Locks the head's row until the commit, so that writers of an organization follow each other,
  /// also on several replicas.
  static void lock(Handle handle, String organizationId) {
    handle
        .createUpdate(
            """
            INSERT INTO audit_head (organization_id, seq, hash)
            VALUES (:organizationId, 0, '') ON CONFLICT (organization_id) DO NOTHING\
            """)
        .bind("organizationId", organizationId)
        .execute();
    handle
        .createUpdate("UPDATE audit_head SET seq = seq WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .execute();
  }

  /// Takes the next place.
  static Head take(Handle handle, String organizationId) {
    lock(handle, organizationId);
    return handle
        .createQuery(
            """
            UPDATE audit_head SET seq = seq + 1 WHERE organization_id = :organizationId
            RETURNING seq, hash\
            """)
        .bind("organizationId", organizationId)
        .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
        .one();
  }

  static void append(Handle handle, AuditEntry entry, String hash, String seal) {
    handle
        .createUpdate(
            """
            INSERT INTO audit_entry
              (organization_id, seq, project_id, at_millis, actor, action, subject, detail, hash,
               form, actor_kind, address, request_id, seal, via, agent, outcome)
            VALUES
              (:organizationId, :seq, :projectId, :at, :actor, :action, :subject, :detail, :hash,
               :form, :actorKind, :address, :requestId, :seal, :via, :agent, :outcome)\
            """)
        .bind("organizationId", entry.tenant().organizationId())
        .bind("seq", entry.seq())
        .bind("projectId", entry.tenant().projectId())
        .bind("at", entry.atMillis())
        .bind("actor", entry.actor().id())
        .bind("action", entry.action())
        .bind("subject", entry.subject())
        .bind("detail", entry.detail())
        .bind("hash", hash)
        .bind("form", entry.form())
        .bind("actorKind", entry.actor().kind().word())
        .bind("address", entry.actor().address())
        .bind("requestId", entry.actor().requestId())
        .bind("seal", seal)
        .bind("via", entry.actor().via())
        .bind("agent", entry.actor().agent())
        .bind("outcome", entry.outcome())
        .execute();
    handle
        .createUpdate("UPDATE audit_head SET hash = :hash WHERE organization_id = :organizationId")
        .bind("hash", hash)
        .bind("organizationId", entry.tenant().organizationId())
        .execute();
  }

  /// What the first link of a request is about.
  static Optional<String> subject(Handle handle, String requestId) {
    return handle
        .createQuery(
            """
            SELECT subject FROM audit_entry WHERE request_id = :requestId
            ORDER BY at_millis, seq LIMIT 1\
            """)
        .bind("requestId", requestId)
        .mapTo(String.class)
        .findOne();
  }

  static Optional<Head> head(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT seq, hash FROM audit_head WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .map((row, _) -> new Head(row.getLong(1), row.getString(2)))
        .findOne();
  }

  static End end(Handle handle, String organizationId) {
    long last =
        handle
            .createQuery(
                """
                SELECT COALESCE(MAX(seq), 0) FROM audit_entry
                WHERE organization_id = :organizationId\
                """)
            .bind("organizationId", organizationId)
            .mapTo(Long.class)
            .one();
    return new End(head(handle, organizationId).orElse(new Head(0, "")), last);
  }

  /// Every chain there is, in the order of their organizations' ids.
  ///
  /// @param after the last one of the page before; empty for the first page
  static List<String> organizations(Handle handle, String after, int rowsMax) {
    return handle
        .createQuery(
            """
            SELECT organization_id FROM audit_head WHERE organization_id > :after
            ORDER BY organization_id LIMIT :max\
            """)
        .bind("after", after)
        .bind("max", rowsMax)
        .mapTo(String.class)
        .list();
  }

  /// Links after `seq` and up to `untilSeq`, in order.
  static List<AuditEntry> after(
      Handle handle, String organizationId, long seq, long untilSeq, int rowsMax) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM audit_entry
                WHERE organization_id = :organizationId AND seq > :seq AND seq <= :until
                ORDER BY seq LIMIT :max\
                """)
        .bind("organizationId", organizationId)
        .bind("seq", seq)
        .bind("until", untilSeq)
        .bind("max", rowsMax)
        .map((row, _) -> entry(row))
        .list();
  }

  static List<AuditEntry> list(Handle handle, String organizationId, AuditFilter filter) {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM audit_entry WHERE organization_id = :organizationId"
            + (filter.actor() == null ? "" : " AND actor = :actor")
            + (filter.action() == null ? "" : " AND action = :action")
            + (filter.subject() == null ? "" : " AND subject = :subject")
            + (filter.fromMillis() == null ? "" : FROM)
            + (filter.toMillis() == null ? "" : TO)
            + (filter.beforeSeq() == null ? "" : " AND seq < :before")
            + " ORDER BY seq DESC LIMIT :max";
    Query query =
        handle
            .createQuery(sql)
            .bind("organizationId", organizationId)
            .bind("max", filter.rowsMax());
    if (filter.actor() != null) {
      query.bind("actor", filter.actor());
    }
    if (filter.action() != null) {
      query.bind("action", filter.action());
    }
    if (filter.subject() != null) {
      query.bind("subject", filter.subject());
    }
    if (filter.fromMillis() != null) {
      query.bind("from", filter.fromMillis());
    }
    if (filter.toMillis() != null) {
      query.bind("to", filter.toMillis());
    }
    if (filter.beforeSeq() != null) {
      query.bind("before", filter.beforeSeq());
    }
    return query.map((row, _) -> entry(row)).list();
  }

  private static AuditEntry entry(ResultSet row) throws SQLException {
    String actor = row.getString(5);
    long form = row.getLong(10);
    Actor.Kind kind = form == 1 ? Actor.Kind.of(actor) : Actor.Kind.read(row.getString(11));
    // No hash covers what stands there in links of a former form.
    boolean via = form >= AuditEntry.FORM_VIA;
    Actor who =
        form == 1
            ? Actor.of(actor, "", "")
            : new Actor(
                kind == null ? Actor.Kind.KEY : kind,
                actor,
                row.getString(12),
                row.getString(13),
                via ? row.getString(15) : "",
                via ? row.getString(16) : "");
    return new AuditEntry(
        new Tenant(row.getString(1), row.getString(2)),
        row.getLong(3),
        row.getLong(4),
        who,
        row.getString(6),
        row.getString(7),
        row.getString(8),
        form,
        via ? row.getString(17) : "",
        // A word that nobody of ours wrote must not pass for one that somebody did.
        kind == null ? "" : row.getString(9),
        row.getString(14));
  }
}
