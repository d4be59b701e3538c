package dev.gatewright.call.once;

import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of calls with an idempotency key. A row is written before its call runs, so of two that come
/// at once one finds the other.
final class OnceStore {
  private OnceStore() {}

  private static Map<String, Object> named(OnceName name) {
    return Map.of(
        "organizationId", name.organizationId(), "keyId", name.keyId(), "name", name.name());
  }

  private static Map<String, Object> running(OnceRow row) {
    return Map.of(
        "bodyHash", row.bodyHash(),
        "requestId", row.requestId(),
        "instance", row.instance(),
        "atMillis", row.atMillis());
  }

  /// True when the name was free.
  static boolean take(Handle handle, OnceName name, OnceRow row) {
    return handle
            .createUpdate(
                """
                INSERT INTO llm_once
                  (organization_id, key_id, name, body_hash, request_id, instance, at_millis)
                VALUES
                  (:organizationId, :keyId, :name, :bodyHash, :requestId, :instance, :atMillis)
                ON CONFLICT (organization_id, key_id, name) DO NOTHING\
                """)
            .bindMap(named(name))
            .bindMap(running(row))
            .execute()
        == 1;
  }

  static Optional<OnceRow> find(Handle handle, OnceName name) {
    return handle
        .createQuery(
            """
            SELECT body_hash, request_id, instance, at_millis, receipt FROM llm_once
            WHERE organization_id = :organizationId AND key_id = :keyId AND name = :name\
            """)
        .bindMap(named(name))
        .map((row, _) ->
            new OnceRow(
                row.getString("body_hash"),
                row.getString("request_id"),
                row.getString("instance"),
                row.getLong("at_millis"),
                row.getString("receipt")))
        .findOne();
  }

  /// Puts another call in the place of one that is over; false when somebody else did.
  static boolean replace(Handle handle, OnceName name, String former, OnceRow row) {
    return handle
            .createUpdate(
                """
                UPDATE llm_once
                SET body_hash = :bodyHash, request_id = :requestId, instance = :instance,
                  at_millis = :atMillis, receipt = NULL
                WHERE organization_id = :organizationId AND key_id = :keyId AND name = :name
                  AND request_id = :former\
                """)
            .bindMap(named(name))
            .bindMap(running(row))
            .bind("former", former)
            .execute()
        == 1;
  }

  static void done(Handle handle, OnceName name, String requestId, String receipt) {
    handle
        .createUpdate(
            """
            UPDATE llm_once SET receipt = :receipt
            WHERE organization_id = :organizationId AND key_id = :keyId AND name = :name
              AND request_id = :requestId\
            """)
        .bindMap(named(name))
        .bind("requestId", requestId)
        .bind("receipt", receipt)
        .execute();
  }

  static void forget(Handle handle, OnceName name, String requestId) {
    handle
        .createUpdate(
            """
            DELETE FROM llm_once
            WHERE organization_id = :organizationId AND key_id = :keyId AND name = :name
              AND request_id = :requestId\
            """)
        .bindMap(named(name))
        .bind("requestId", requestId)
        .execute();
  }

  /// Whether a process may still write that this call is over, or somebody has yet to record what
  /// it left.
  static boolean lives(Handle handle, String instance) {
    return handle
        .createQuery("SELECT 1 FROM instance WHERE id = ?")
        .bind(0, instance)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// The receipt of a call that was answered whole, by its usage row.
  ///
  /// @param fromId,beforeId between which its attempts' ids lie
  static Optional<Receipt> recorded(
      Handle handle, String organizationId, String requestId, String fromId, String beforeId) {
    return handle
        .createQuery(
            """
            SELECT request_id, model, started_millis, status, input_tokens, output_tokens,
              cached_tokens, reasoning_tokens
            FROM usage_attempt
            WHERE organization_id = :organizationId AND test IN (0, 1)
              AND id >= :fromId AND id < :beforeId
              AND request_id = :requestId AND outcome = 'completed' AND status < 400
            ORDER BY id DESC LIMIT 1\
            """)
        .bind("organizationId", organizationId)
        .bind("fromId", fromId)
        .bind("beforeId", beforeId)
        .bind("requestId", requestId)
        .map((row, _) ->
            new Receipt(
                row.getString("request_id"),
                row.getString("model"),
                row.getLong("started_millis"),
                row.getInt("status"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("reasoning_tokens")))
        .findOne();
  }

  /// Forgets what is older, of whichever organization, `most` rows at a time.
  ///
  /// @return how many
  static int purge(Handle handle, long beforeMillis, int most) {
    return handle
        .createUpdate(
            """
            DELETE FROM llm_once WHERE (organization_id, key_id, name) IN
              (SELECT organization_id, key_id, name FROM llm_once
               WHERE at_millis < :before ORDER BY at_millis LIMIT :most)\
            """)
        .bind("before", beforeMillis)
        .bind("most", most)
        .execute();
  }
}
