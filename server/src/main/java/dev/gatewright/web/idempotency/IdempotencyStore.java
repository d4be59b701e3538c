package dev.gatewright.web.idempotency;

import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// SQL of remembered creates. A row is written before its request runs, so of two that come at once
/// one finds the other.
final class IdempotencyStore {
  private IdempotencyStore() {}

  /// Whose key it is, on which route.
  ///
  /// @param organizationId empty where the route is about none
  record Name(String organizationId, String actor, String route, String key) {}

  private static Map<String, Object> named(Name name) {
    return Map.of(
        "organizationId", name.organizationId,
        "actor", name.actor,
        "route", name.route,
        "key", name.key);
  }

  private static Map<String, Object> tried(FirstTry first) {
    return Map.of(
        "bodyHash", first.bodyHash(),
        "requestId", first.requestId(),
        "atMillis", first.atMillis());
  }

  /// True when the name was free.
  static boolean take(Handle handle, Name name, FirstTry first) {
    return handle
            .createUpdate(
                """
                INSERT INTO idempotency
                  (organization_id, actor, route, idempotency_key, body_hash, request_id, at_millis,
                   status)
                VALUES
                  (:organizationId, :actor, :route, :key, :bodyHash, :requestId, :atMillis, 0)
                ON CONFLICT (organization_id, actor, route, idempotency_key) DO NOTHING\
                """)
            .bindMap(named(name))
            .bindMap(tried(first))
            .execute()
        == 1;
  }

  static Optional<FirstTry> find(Handle handle, Name name) {
    return handle
        .createQuery(
            """
            SELECT body_hash, request_id, at_millis, status, answer FROM idempotency
            WHERE organization_id = :organizationId AND actor = :actor AND route = :route
              AND idempotency_key = :key\
            """)
        .bindMap(named(name))
        .map((row, _) ->
            new FirstTry(
                row.getString("body_hash"),
                row.getString("request_id"),
                row.getLong("at_millis"),
                row.getInt("status"),
                row.getString("answer")))
        .findOne();
  }

  /// Puts another request in the place of one that came to nothing; false when somebody else did.
  static boolean replace(Handle handle, Name name, FirstTry former, FirstTry next) {
    return handle
            .createUpdate(
                """
                UPDATE idempotency
                SET body_hash = :bodyHash, request_id = :requestId, at_millis = :atMillis,
                  status = 0, answer = NULL
                WHERE organization_id = :organizationId AND actor = :actor AND route = :route
                  AND idempotency_key = :key AND request_id = :former\
                """)
            .bindMap(named(name))
            .bindMap(tried(next))
            .bind("former", former.requestId())
            .execute()
        == 1;
  }

  static void answered(
      Handle handle, Name name, String requestId, int status, @Nullable String answer) {
    handle
        .createUpdate(
            """
            UPDATE idempotency SET status = :status, answer = :answer
            WHERE organization_id = :organizationId AND actor = :actor AND route = :route
              AND idempotency_key = :key AND request_id = :requestId\
            """)
        .bindMap(named(name))
        .bind("requestId", requestId)
        .bind("status", status)
        .bind("answer", answer)
        .execute();
  }

  /// Forgets a request that made nothing.
  static void forget(Handle handle, Name name, String requestId) {
    handle
        .createUpdate(
            """
            DELETE FROM idempotency
            WHERE organization_id = :organizationId AND actor = :actor AND route = :route
              AND idempotency_key = :key AND request_id = :requestId\
            """)
        .bindMap(named(name))
        .bind("requestId", requestId)
        .execute();
  }

  /// Forgets what is older, `most` rows at a time.
  static void purge(Handle handle, long beforeMillis, int most) {
    handle
        .createUpdate(
            """
            DELETE FROM idempotency WHERE (organization_id, actor, route, idempotency_key) IN
              (SELECT organization_id, actor, route, idempotency_key FROM idempotency
               WHERE at_millis < :before ORDER BY at_millis LIMIT :most)\
            """)
        .bind("before", beforeMillis)
        .bind("most", most)
        .execute();
  }
}
