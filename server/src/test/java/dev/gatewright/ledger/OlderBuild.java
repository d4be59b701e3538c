package dev.gatewright.ledger;

import dev.gatewright.ledger.lease.InstanceIds;
import dev.gatewright.ledger.log.EntryReader;
import dev.gatewright.ledger.log.EntryWriter;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.LogRowsStore;
import dev.gatewright.ledger.projection.LogRowsStore.Row;
import dev.gatewright.ledger.projection.ProjectionStore;
import dev.gatewright.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.Handle;

/// What the builds of form 2 and of form 3 do to a store, kept as they were. Form 2 says no form
/// and passes over rows it cannot read; form 3 says what it reads, knows the mark that form 2 does
/// not look for, and stops before a row it cannot read.
final class OlderBuild implements AutoCloseable {
  final Collection<String> closed = new ConcurrentLinkedQueue<>();
  private final Database database;
  private final ProjectionStore rows = new ProjectionStore();
  private final String instance = InstanceIds.next();
  private final AttemptIds ids = new AttemptIds();
  private final Thread thread;
  private final int form;
  private volatile boolean stopping;
  private long seq;

  private OlderBuild(Database database, int form) {
    this.form = form;
    this.database = database;
    this.thread = Thread.ofPlatform().name("older-build").unstarted(this::run);
  }

  static OlderBuild start(Database database, int form) {
    OlderBuild build = new OlderBuild(database, form);
    database.write(handle -> {
      handle.execute(
          """
          INSERT INTO instance (id, beat, fenced, log_seq, started_millis, renewed_millis,
            form_read, form_written)
          VALUES (?, 0, 0, 0, 0, 0, ?, ?)\
          """,
          build.instance,
          form == 2 ? null : form,
          form == 2 ? null : form);
      return handle.execute(
          "INSERT INTO attempt_projection (instance, seq) VALUES (?, 0)",
          build.mark(build.instance));
    });
    build.thread.start();
    return build;
  }

  private void run() {
    while (!stopping) {
      append();
      database.write(
          handle -> handle.execute("UPDATE instance SET beat = beat + 1 WHERE id = ?", instance));
      projectAll();
    }
  }

  private void append() {
    EntryWriter writer = new EntryWriter();
    writer.reset(form);
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String id = ids.next(1_000_000);
      written.add(id);
      writer.closed(id, TestAttempts.opening(), TestAttempts.outcome(1));
    }
    database.write(handle -> {
      handle.execute("UPDATE instance SET log_seq = ? WHERE id = ?", seq + 1, instance);
      return handle.execute(
          "INSERT INTO attempt_log (instance, seq, payload) VALUES (?, ?, ?)",
          instance,
          seq + 1,
          writer.text());
    });
    seq++;
    closed.addAll(written);
  }

  void projectAll() {
    List<String[]> instances =
        database.read(handle ->
            handle
                .createQuery("SELECT id, log_seq, fenced FROM instance ORDER BY id")
                .map(
                    (row, _) -> new String[] {row.getString(1), row.getString(2), row.getString(3)})
                .list());
    for (String[] each : instances) {
      project(each[0], Long.parseLong(each[1]), each[2].equals("1"));
    }
  }

  private void project(String of, long logSeq, boolean fenced) {
    Optional<Long> at = marked(of);
    while (at.isPresent() && at.get() < logSeq) {
      List<Closed> attempts = new ArrayList<>();
      long from = at.get();
      long to = from;
      for (Row row : new LogRowsStore(database).rowsAfter(of, from, 64)) {
        if (!read(row, attempts)) {
          break;
        }
        to = row.seq();
      }
      if (to == from) {
        return;
      }
      long until = to;
      database.write(handle -> {
        boolean ours =
            handle.execute(
                    "UPDATE attempt_projection SET seq = ? WHERE instance IN (?, ?) AND seq = ?",
                    until,
                    of,
                    mark(of),
                    from)
                == 1;
        if (ours) {
          rows.add(handle, attempts);
        }
        return ours;
      });
      at = marked(of);
    }
    if (at.isPresent() && fenced) {
      database.write(handle -> remove(handle, of, logSeq));
    }
  }

  /// It leaves no attempt open, so there is nothing to call interrupted.
  private boolean remove(Handle handle, String of, long logSeq) {
    boolean ours =
        handle.execute(
                "DELETE FROM attempt_projection WHERE instance IN (?, ?) AND seq = ?",
                of,
                mark(of),
                logSeq)
            == 1;
    if (ours) {
      handle.execute("DELETE FROM instance WHERE id = ?", of);
      handle.execute("DELETE FROM attempt_log WHERE instance = ?", of);
    }
    return ours;
  }

  /// Another name for it, for builds that know one.
  private String mark(String of) {
    return form == 2 ? of : of + "/3";
  }

  private Optional<Long> marked(String of) {
    return database.read(handle ->
        handle
            .createQuery("SELECT seq FROM attempt_projection WHERE instance IN (?, ?)")
            .bind(0, of)
            .bind(1, mark(of))
            .mapTo(Long.class)
            .findOne());
  }

  /// @return false where it goes no further
  private boolean read(Row row, List<Closed> attempts) {
    if (row.payload().charAt(0) > '0' + form) {
      // "attempt log: a payload of another version", said in the log and passed over by form 2.
      return form == 2;
    }
    EntryReader.read(
        row.payload(),
        entry -> {
          if (entry instanceof Closed one) {
            attempts.add(one);
          }
        });
    return true;
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    database.write(
        handle -> handle.execute("UPDATE instance SET fenced = 1 WHERE id = ?", instance));
    projectAll();
  }
}
