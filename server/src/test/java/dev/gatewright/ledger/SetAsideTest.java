package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.log.AttemptLogStore;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.projection.LogRowsStore;
import dev.gatewright.ledger.projection.Projector;
import dev.gatewright.ledger.purse.Poster;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;

/// A log that cannot be read to its end is neither passed over nor waited for.
class SetAsideTest {
  private static final String INSTANCE = "ins_1";

  private final AttemptIds ids = new AttemptIds();

  @EachDatabase
  void a_log_with_rows_missing_is_counted_up_to_them_and_set_aside(Database database) {
    written(database, 8);
    Projector projector =
        new Projector(
            database,
            new InstanceStore(database),
            new LogRowsStore(database),
            Pricing.NONE,
            new Poster(Time.system()),
            () -> {},
            Projector.FailPoint.NONE);
    database.write(handle -> handle.execute("DELETE FROM attempt_log WHERE seq IN (5, 6)"));

    projector.projectAll();
    projector.projectAll();

    assertThat(TestAttempts.rows(database)).hasSize(4);
    assertThat(projector.problem()).contains(INSTANCE).contains("row 5 of its log is missing");
    assertThat(TestAttempts.count(database, "instance")).isEqualTo(1);
  }

  @EachDatabase
  void a_log_that_ends_too_early_is_set_aside(Database database) {
    written(database, 8);
    Projector projector =
        new Projector(
            database,
            new InstanceStore(database),
            new LogRowsStore(database),
            Pricing.NONE,
            new Poster(Time.system()),
            () -> {},
            Projector.FailPoint.NONE);
    database.write(handle -> handle.execute("DELETE FROM attempt_log WHERE seq > 2"));

    projector.projectAll();

    assertThat(TestAttempts.rows(database)).hasSize(2);
    assertThat(projector.problem()).contains("row 3 of its log is missing");
  }

  @EachDatabase
  void a_row_of_a_later_form_holds_up_its_log_until_somebody_reads_it(Database database) {
    written(database, 8);
    Projector projector =
        new Projector(
            database,
            new InstanceStore(database),
            new LogRowsStore(database),
            Pricing.NONE,
            new Poster(Time.system()),
            () -> {},
            Projector.FailPoint.NONE);
    String row3 = payload(database, 3);
    rewrite(database, "9\nlater");

    projector.projectAll();
    assertThat(TestAttempts.rows(database)).hasSize(2);
    assertThat(projector.problem())
        .isEqualTo(
            "usage is set aside: ins_1, row 3 of its log cannot be read: attempt log: a row of form"
                + " \"9\" (expected: 1 to 4)");

    // As a process that knows the form would find it.
    rewrite(database, row3);
    projector.projectAll();
    assertThat(TestAttempts.rows(database)).hasSize(8);
    assertThat(projector.problem()).isNull();
    assertThat(TestAttempts.count(database, "instance")).isZero();
  }

  /// The log of an instance that has ended, a closed attempt in each row.
  private void written(Database database, int rows) {
    AttemptLogStore log = new AttemptLogStore(database);
    new InstanceStore(database).register(INSTANCE, EntryWriter.FORM, 0);
    EntryWriter writer = new EntryWriter();
    for (int seq = 1; seq <= rows; seq++) {
      writer.reset(EntryWriter.FORM);
      writer.closed(ids.next(seq), TestAttempts.opening(), TestAttempts.outcome(1));
      assertThat(log.append(INSTANCE, seq, writer.text(), EntryWriter.FORM)).isTrue();
    }
    new InstanceStore(database).fenceSelf(INSTANCE);
  }

  private static String payload(Database database, long seq) {
    return database.read(handle ->
        handle
            .createQuery("SELECT payload FROM attempt_log WHERE seq = ?")
            .bind(0, seq)
            .mapTo(String.class)
            .one());
  }

  private static void rewrite(Database database, String payload) {
    database.write(
        handle -> handle.execute("UPDATE attempt_log SET payload = ? WHERE seq = 3", payload));
  }
}
