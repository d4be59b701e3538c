package dev.gatewright.tenant;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// SQL of people, as far as organizations ask about them; who they are is `identity`'s.
public final class PeopleStore {
  private PeopleStore() {}

  /// A person and how many organizations that person belongs to.
  record Counted(
      String id,
      String email,
      boolean operator,
      String state,
      long createdMillis,
      long organizations) {}

  /// Whether there is such a person, who may sign in.
  public static boolean active(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM person
            WHERE id = :id AND state = 'active' AND deleted_millis IS NULL\
            """)
        .bind("id", id)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /// What makes the address of a person who may sign in the same as another; empty for nobody.
  public static Optional<String> emailKey(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT email_key FROM person
            WHERE id = :id AND state = 'active' AND deleted_millis IS NULL\
            """)
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }

  /// The address of a person who may sign in, as shown; empty for nobody.
  public static Optional<String> email(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT email FROM person
            WHERE id = :id AND state = 'active' AND deleted_millis IS NULL\
            """)
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }

  /// Everybody there is, by id, which is the order in which they came.
  ///
  /// @param emailKey only who has this address; null = all
  /// @param after the last id of the page before; empty for the first page
  static List<Counted> all(Handle handle, @Nullable String emailKey, String after, int rowsMax) {
    Query query =
        handle
            .createQuery(
                """
                SELECT p.id, p.email, p.operator, p.state, p.created_millis,
                  (SELECT COUNT(*) FROM membership m WHERE m.person_id = p.id) AS organizations
                FROM person p WHERE p.id > :after AND p.deleted_millis IS NULL\
                """
                    + (emailKey == null ? "" : " AND p.email_key = :emailKey")
                    + " ORDER BY p.id LIMIT :max")
            .bind("after", after)
            .bind("max", rowsMax);
    if (emailKey != null) {
      query.bind("emailKey", emailKey);
    }
    return query
        .map((row, _) ->
            new Counted(
                row.getString("id"),
                row.getString("email"),
                row.getLong("operator") == 1,
                row.getString("state"),
                row.getLong("created_millis"),
                row.getLong("organizations")))
        .list();
  }
}
