package dev.gatewright.job;

import dev.gatewright.id.Ids;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Where jobs are left. Bounded: an organization's queue, everybody's, and each payload.
/// Thread-safe.
public final class Outbox {
  /// Jobs that wait, of one organization. The platform's own (sign-in) have the whole queue.
  static final int ORGANIZATION_JOBS_MAX = 500;

  /// Jobs that wait, of all.
  static final int JOBS_MAX = 10_000;

  private static final int PAYLOAD_BYTES_MAX = 4 << 10;
  private static final int FAILED_ROWS_MAX = 200;

  private final Database database;
  private final Time time;

  public Outbox(Database database, Time time) {
    this.database = database;
    this.time = time;
  }

  /// Leaves a job in the caller's transaction.
  ///
  /// @param organizationId whose it is; empty = the platform's
  /// @param kind the name a runner is registered under
  /// @param payload JSON without a secret, at most 4 KiB
  /// @param expiresMillis when there is no more point in it, epoch milliseconds
  /// @throws IllegalArgumentException when the payload is longer
  public Added add(
      Handle handle, String organizationId, String kind, String payload, long expiresMillis) {
    int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "payload of %s: %d B (expected: at most 4 KiB)".formatted(kind, bytes));
    }
    if (!organizationId.isEmpty()
        && JobStore.waiting(handle, organizationId, ORGANIZATION_JOBS_MAX)
            >= ORGANIZATION_JOBS_MAX) {
      return new Added.Refused(
          "%d messages of %s wait already (expected: fewer than %d); try again later"
              .formatted(ORGANIZATION_JOBS_MAX, organizationId, ORGANIZATION_JOBS_MAX));
    }
    if (JobStore.waiting(handle, JOBS_MAX) >= JOBS_MAX) {
      return new Added.Refused(
          "%d messages wait already (expected: fewer than %d); try again later"
              .formatted(JOBS_MAX, JOBS_MAX));
    }
    long now = time.millis();
    String id = Ids.uuid7("job_", now);
    JobStore.add(handle, new Job(id, organizationId, kind, payload, 0, expiresMillis), now);
    return new Added.Queued(id);
  }

  /// What came to nothing in the last seven days, newest first. Blocks.
  ///
  /// @param organizationId whose; empty = the platform's
  /// @param most rows, at most 200
  public List<FailedJob> failed(String organizationId, int most) {
    int rows = Math.min(most, FAILED_ROWS_MAX);
    return database.read(handle -> JobStore.failed(handle, organizationId, rows));
  }
}
