package dev.gatewright.job;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of the outbox. A row is open until `ended_millis` is set; `due_millis` is when it may be
/// claimed: for one that waits its next attempt, for one that is claimed the end of the claim.
final class JobStore {
  private JobStore() {}

  static void add(Handle handle, Job job, long nowMillis) {
    handle
        .createUpdate(
            """
            INSERT INTO job
              (id, organization_id, kind, payload, state, worker, attempts, due_millis,
               expires_millis, created_millis, problem)
            VALUES
              (:id, :organizationId, :kind, :payload, 'queued', '', 0, :now, :expires, :now, '')\
            """)
        .bind("id", job.id())
        .bind("organizationId", job.organizationId())
        .bind("kind", job.kind())
        .bind("payload", job.payload())
        .bind("expires", job.expiresMillis())
        .bind("now", nowMillis)
        .execute();
  }

  /// How many are open, counted up to `most`.
  static int waiting(Handle handle, String organizationId, int most) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM
              (SELECT 1 FROM job WHERE organization_id = :organizationId AND ended_millis IS NULL
               LIMIT :most) AS counted\
            """)
        .bind("organizationId", organizationId)
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  /// The same of all.
  static int waiting(Handle handle, int most) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM (SELECT 1 FROM job WHERE ended_millis IS NULL LIMIT :most) AS counted\
            """)
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  static boolean anyDue(Handle handle, Collection<String> kinds, long nowMillis) {
    return handle
        .createQuery(
            """
            SELECT 1 FROM job
            WHERE ended_millis IS NULL AND due_millis <= :now AND expires_millis > :now
              AND kind IN (<kinds>)
            LIMIT 1\
            """)
        .bindList("kinds", List.copyOf(kinds))
        .bind("now", nowMillis)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /// Takes the job that has waited longest. What makes it free is asked twice: PostgreSQL asks the
  /// outer condition again once it has the row, the inner one it does not; without it two workers
  /// that come at once both get the job.
  static Optional<Job> claim(
      Handle handle, Collection<String> kinds, String worker, long nowMillis, long untilMillis) {
    return handle
        .createQuery(
            """
            UPDATE job
            SET state = 'taken', worker = :worker, attempts = attempts + 1, due_millis = :until
            WHERE id IN
                (SELECT id FROM job
                 WHERE ended_millis IS NULL AND due_millis <= :now AND expires_millis > :now
                   AND kind IN (<kinds>)
                 ORDER BY due_millis, id LIMIT 1)
              AND ended_millis IS NULL AND due_millis <= :now
            RETURNING id, organization_id, kind, payload, attempts, expires_millis\
            """)
        .bindList("kinds", List.copyOf(kinds))
        .bind("worker", worker)
        .bind("now", nowMillis)
        .bind("until", untilMillis)
        .map((row, _) ->
            new Job(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getLong(6)))
        .findOne();
  }

  /// Ends a claim for good; false, and nothing done, when it is another's by now.
  ///
  /// @param state `done`, `dropped` or `failed`
  static boolean end(
      Handle handle, Job job, String worker, String state, String problem, long nowMillis) {
    return handle
            .createUpdate(
                """
                UPDATE job SET state = :state, problem = :problem, ended_millis = :now
                WHERE id = :id AND worker = :worker AND attempts = :attempts AND ended_millis IS NULL\
                """)
            .bind("state", state)
            .bind("problem", problem)
            .bind("now", nowMillis)
            .bind("id", job.id())
            .bind("worker", worker)
            .bind("attempts", job.attempts())
            .execute()
        == 1;
  }

  /// Ends a claim until `dueMillis`; nothing when it is another's by now.
  static void again(Handle handle, Job job, String worker, String problem, long dueMillis) {
    handle
        .createUpdate(
            """
            UPDATE job SET state = 'queued', problem = :problem, due_millis = :due
            WHERE id = :id AND worker = :worker AND attempts = :attempts AND ended_millis IS NULL\
            """)
        .bind("problem", problem)
        .bind("due", dueMillis)
        .bind("id", job.id())
        .bind("worker", worker)
        .bind("attempts", job.attempts())
        .execute();
  }

  /// Gives up those whose time is over and that nobody has in hand; returns how many.
  static int expire(Handle handle, long nowMillis) {
    return handle
        .createUpdate(
            """
            UPDATE job
            SET state = 'failed', ended_millis = :now,
              problem = CASE problem WHEN '' THEN 'its time was over before it could be sent'
                ELSE problem END
            WHERE ended_millis IS NULL AND expires_millis <= :now
              AND (state = 'queued' OR due_millis <= :now)\
            """)
        .bind("now", nowMillis)
        .execute();
  }

  /// Forgets what ended long ago, `most` rows at a time.
  static int purge(Handle handle, long doneBefore, long failedBefore, int most) {
    return handle
        .createUpdate(
            """
            DELETE FROM job WHERE id IN
              (SELECT id FROM job
               WHERE ended_millis < :failedBefore
                 OR (ended_millis < :doneBefore AND state <> 'failed')
               LIMIT :most)\
            """)
        .bind("doneBefore", doneBefore)
        .bind("failedBefore", failedBefore)
        .bind("most", most)
        .execute();
  }

  static List<FailedJob> failed(Handle handle, String organizationId, int most) {
    return handle
        .createQuery(
            """
            SELECT id, kind, payload, attempts, problem, ended_millis FROM job
            WHERE organization_id = :organizationId AND state = 'failed'
              AND ended_millis IS NOT NULL
            ORDER BY ended_millis DESC, id DESC LIMIT :most\
            """)
        .bind("organizationId", organizationId)
        .bind("most", most)
        .map((row, _) ->
            new FailedJob(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getInt(4),
                row.getString(5),
                row.getLong(6)))
        .list();
  }
}
