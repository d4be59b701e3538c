package dev.gatewright.ledger.lease;

import dev.gatewright.store.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// SQL of the instances that write attempt logs. Blocks. An instance serves many tenants.
public final class InstanceStore {
  /// What a process reads and writes whose build knew nothing of the columns that say it.
  public static final int FORM_UNSAID = 2;

  private final Database database;

  public InstanceStore(Database database) {
    this.database = database;
  }

  /// @param formRead the newest form of log rows this process reads
  public void register(String instance, int formRead, long nowMillis) {
    database.write(handle -> {
      handle.execute(
          """
          INSERT INTO instance (id, beat, fenced, log_seq, started_millis, renewed_millis,
            form_read, form_written)
          VALUES (?, 0, 0, 0, ?, ?, ?, ?)\
          """,
          instance,
          nowMillis,
          nowMillis,
          formRead,
          FORM_UNSAID);
      return handle.execute(
          "INSERT INTO attempt_projection (instance, seq) VALUES (?, 0)", instance);
    });
  }

  /// The newest form that every process on this store can read.
  public int formOfAll() {
    return database.read(handle ->
        handle
            .createQuery("SELECT MIN(COALESCE(form_read, ?)) FROM instance WHERE fenced = 0")
            .bind(0, FORM_UNSAID)
            .mapTo(Integer.class)
            .findOne()
            .orElse(FORM_UNSAID));
  }

  /// A sign of life, and the truth about an instance's row: it waits for a commit that is still
  /// under way, so what it returns is final. Empty when the row is gone.
  public Optional<Instance> beat(String instance, long nowMillis) {
    return database.write(handle ->
        handle
            .createQuery(
                """
                UPDATE instance SET beat = beat + 1, renewed_millis = ? WHERE id = ?
                RETURNING id, beat, fenced, log_seq\
                """)
            .bind(0, nowMillis)
            .bind(1, instance)
            .map((row, _) -> instance(row))
            .findOne());
  }

  public List<Instance> instances() {
    return database.read(InstanceStore::all);
  }

  public static List<Instance> all(Handle handle) {
    return handle
        .createQuery("SELECT id, beat, fenced, log_seq FROM instance ORDER BY id")
        .map((row, _) -> instance(row))
        .list();
  }

  private static Instance instance(java.sql.ResultSet row) throws SQLException {
    return new Instance(row.getString(1), row.getLong(2), row.getLong(3) != 0, row.getLong(4));
  }

  /// Ends an instance's right to write, unless it has shown a sign of life since `beat`.
  public boolean fence(String instance, long beat) {
    return database.write(handle ->
        handle.execute(
                "UPDATE instance SET fenced = 1 WHERE id = ? AND beat = ? AND fenced = 0",
                instance,
                beat)
            == 1);
  }

  /// Ends the right of every instance but one, where only one process can be alive.
  public int fenceOthers(String instance) {
    return database.write(handle ->
        handle.execute("UPDATE instance SET fenced = 1 WHERE id <> ? AND fenced = 0", instance));
  }

  /// An instance gives up its own right.
  public void fenceSelf(String instance) {
    database.write(
        handle -> handle.execute("UPDATE instance SET fenced = 1 WHERE id = ?", instance));
  }
}
