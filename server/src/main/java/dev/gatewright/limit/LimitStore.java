package dev.gatewright.limit;

import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of limits.
public final class LimitStore {
  private static final String COLUMNS =
      "id, organization_id, subject, kind, max_amount, per, created_by, created_millis, version";

  /// Of one organization.
  public static final int LIMITS_MAX = 10_000;

  /// Behind every id.
  private static final String LAST = "lim_~";

  private LimitStore() {}

  public static void insert(Handle handle, StoredLimit stored) {
    Limit limit = stored.limit();
    Window per = limit.per();
    handle
        .createUpdate(
            """
            INSERT INTO rate_limit
              (id, organization_id, subject, kind, max_amount, per, created_by, created_millis,
               version)
            VALUES
              (:id, :organizationId, :subject, :kind, :max, :per, :createdBy, :created, :version)\
            """)
        .bind("id", limit.id())
        .bind("organizationId", stored.organizationId())
        .bind("subject", limit.on())
        .bind("kind", limit.kind().word())
        .bind("max", limit.max())
        .bind("per", per == null ? "" : per.word())
        .bind("createdBy", stored.createdBy())
        .bind("created", stored.createdMillis())
        .bind("version", stored.version())
        .execute();
  }

  /// @return false when the organization has no such limit
  public static boolean update(Handle handle, String organizationId, Limit limit) {
    Window per = limit.per();
    return handle
            .createUpdate(
                """
                UPDATE rate_limit SET max_amount = :max, per = :per, version = version + 1
                WHERE id = :id AND organization_id = :organizationId\
                """)
            .bind("id", limit.id())
            .bind("organizationId", organizationId)
            .bind("max", limit.max())
            .bind("per", per == null ? "" : per.word())
            .execute()
        == 1;
  }

  /// @return false when the organization has no such limit
  public static boolean delete(Handle handle, String organizationId, String id) {
    return handle
            .createUpdate(
                "DELETE FROM rate_limit WHERE id = :id AND organization_id = :organizationId")
            .bind("id", id)
            .bind("organizationId", organizationId)
            .execute()
        == 1;
  }

  public static Optional<StoredLimit> find(Handle handle, String organizationId, String id) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM rate_limit WHERE id = :id AND organization_id = :organizationId")
        .bind("id", id)
        .bind("organizationId", organizationId)
        .map((row, _) -> stored(row))
        .findOne();
  }

  /// The newest first; bounded, see [#count].
  public static List<StoredLimit> all(Handle handle, String organizationId) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM rate_limit WHERE organization_id = :organizationId
                ORDER BY id DESC\
                """)
        .bind("organizationId", organizationId)
        .map((row, _) -> stored(row))
        .list();
  }

  public static long count(Handle handle, String organizationId) {
    return handle
        .createQuery("SELECT COUNT(*) FROM rate_limit WHERE organization_id = :organizationId")
        .bind("organizationId", organizationId)
        .mapTo(Long.class)
        .one();
  }

  public static List<StoredLimit> of(Handle handle, String organizationId, String subject) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM rate_limit
                WHERE organization_id = :organizationId AND subject = :subject
                ORDER BY id DESC\
                """)
        .bind("organizationId", organizationId)
        .bind("subject", subject)
        .map((row, _) -> stored(row))
        .list();
  }

  /// The newest first.
  ///
  /// @param on null = of whomsoever
  /// @param before null = from the newest on
  public static List<StoredLimit> list(
      Handle handle,
      String organizationId,
      @Nullable String on,
      @Nullable String before,
      int rowsMax) {
    String subject = on == null ? "" : " AND subject = :on";
    Query query =
        handle
            .createQuery(
                "SELECT "
                    + COLUMNS
                    + " FROM rate_limit WHERE organization_id = :organizationId AND id < :before"
                    + subject
                    + " ORDER BY id DESC LIMIT :rowsMax")
            .bind("organizationId", organizationId)
            .bind("before", before == null ? LAST : before)
            .bind("rowsMax", rowsMax);
    if (on != null) {
      query.bind("on", on);
    }
    return query.map((row, _) -> stored(row)).list();
  }

  private static StoredLimit stored(ResultSet row) throws SQLException {
    // A limit that cannot be read must never turn into a limit that is not there.
    LimitKind kind =
        Objects.requireNonNull(LimitKind.of(row.getString(4)), "a stored limit's kind");
    String per = row.getString(6);
    Window window =
        per.isEmpty() ? null : Objects.requireNonNull(Window.of(per), "a stored limit's window");
    return new StoredLimit(
        row.getString(2),
        new Limit(row.getString(1), row.getString(3), kind, row.getLong(5), window),
        row.getString(7),
        row.getLong(8),
        row.getLong(9));
  }
}
