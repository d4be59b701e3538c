package dev.gatewright.ledger.log;

import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.LedgerConfig;
import dev.gatewright.ledger.lease.Instance;
import dev.gatewright.ledger.lease.InstanceIds;
import dev.gatewright.ledger.lease.InstanceStore;
import dev.gatewright.ledger.lease.Lessee;
import dev.gatewright.ledger.purse.Commit;
import dev.gatewright.store.StoreFailed;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes an instance's log: takes what the event loops have queued, writes one
/// row, tells the loops; and, when a row cannot be written, finds out what became of it and carries
/// on where the store really stands.
public final class LogThread implements Runnable, Lessee {
  private static final Logger LOG = LoggerFactory.getLogger(LogThread.class);
  private static final long NONE = Long.MIN_VALUE;

  /// A commit that takes longer stops new calls: each of them would wait for it.
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final long RETRY_NANOS_FIRST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RETRY_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// A store that is full must take this much before it counts as mended.
  private static final int PROBE_CHARS = 16 * 1024;

  private final AttemptLogStore store;
  private final InstanceStore instances;
  private final Time time;
  private final LedgerConfig config;
  private final AttemptQueue queue;
  private final OpenAttempts open = new OpenAttempts();
  private final EntryWriter writer = new EntryWriter();
  private final CommitPace pace;

  private volatile Position position;
  private volatile boolean failing;
  private volatile long failingNanos;
  private volatile boolean stopping;
  private volatile long stoppingNanos;
  private volatile long commitNanos = NONE;
  private volatile @Nullable String lostInstance;

  /// The form to write from now on, and the one this instance's row says it writes.
  private volatile int form = InstanceStore.FORM_UNSAID;

  private int formSaid = InstanceStore.FORM_UNSAID;

  /// Written by this thread alone.
  private volatile Commits commits = new Commits(0, 0, 0, 0);

  private final Queue<CompletableFuture<Void>> flushes = new ConcurrentLinkedQueue<>();
  private long triedNanos;
  private long retryNanos = RETRY_NANOS_FIRST;

  /// A row of which we do not know whether it became durable.
  private @Nullable LogBatch doubtful;

  private final Queue<LoggedAttempt> keptCloses = new ArrayDeque<>();
  private final Queue<LoggedAttempt> keptVoids = new ArrayDeque<>();

  /// Closes whose opening was in the row before.
  private final Queue<LoggedAttempt> waiting = new ArrayDeque<>();

  private final RoomHints hints;
  private Throwable cause = new StoreFailed("attempts are not recorded yet");

  /// @param seq the last row known to be written
  /// @param neededSeq the lowest row that still holds the opening of an open attempt
  /// @param entries written so far
  public record Position(String instance, long seq, long neededSeq, long entries) {}

  /// @param good commits that are durable
  /// @param nanos how long these took
  /// @param failed commits that were not, or of which we do not know
  /// @param open attempts whose opening is durable and whose close is not
  public record Commits(long good, long nanos, long failed, int open) {}

  LogThread(
      AttemptLogStore store,
      InstanceStore instances,
      Time time,
      LedgerConfig config,
      AttemptQueue queue,
      RoomHints hints,
      String instance) {
    this.store = store;
    this.instances = instances;
    this.time = time;
    this.config = config;
    this.queue = queue;
    this.hints = hints;
    this.position = new Position(instance, 0, 1, 0);
    this.pace = new CommitPace(queue, config, time);
  }

  boolean accepting() {
    if (failing || stopping) {
      return false;
    }
    long since = commitNanos;
    return since == NONE || time.nanos() - since < STALL_NANOS;
  }

  public Commits commits() {
    return commits;
  }

  @Override
  public String instance() {
    return position.instance();
  }

  /// How long the commit under way has been at it, or the failing log has failed; 0 when all is
  /// well.
  public long lagNanos() {
    long since = failing ? failingNanos : commitNanos;
    return since == NONE ? 0 : Math.max(0, time.nanos() - since);
  }

  public Position position() {
    return position;
  }

  /// Somebody found that `instance` may write no more.
  @Override
  public void leaseLost(String instance) {
    lostInstance = instance;
    queue.interruptWait();
  }

  /// @param newest the newest form that every process on the store can read
  @Override
  public void writeForm(int newest) {
    form = Math.min(newest, EntryWriter.FORM);
  }

  void stop() {
    stoppingNanos = time.nanos();
    stopping = true;
    queue.interruptWait();
  }

  /// Completes once what is queued now has been written, or could not be.
  CompletableFuture<Void> flush() {
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    flushes.add(flushed);
    queue.hurry();
    queue.interruptWait();
    return flushed;
  }

  /// Open attempts; exact once the thread has ended.
  int openCount() {
    return open.size();
  }

  @Override
  public void run() {
    try {
      loop();
    } catch (Throwable thrown) {
      LOG.error("the attempt log has ended, new calls are refused", thrown);
      throw thrown;
    } finally {
      stopping = true;
      refuseQueued();
    }
  }

  private void loop() {
    // Read before the queue is: whatever was queued before the stop gets written.
    boolean last = false;
    while (!last || hasWork()) {
      last = stopping;
      if (failing) {
        if (last && time.nanos() - stoppingNanos > STOP_NANOS) {
          LOG.error(
              "{} ended attempts could not be recorded; the next start will call them interrupted",
              keptCloses.size());
          break;
        }
        whileFailing();
      } else {
        write(last);
      }
    }
  }

  private boolean hasWork() {
    return failing || !queue.isEmpty() || !waiting.isEmpty();
  }

  private void write(boolean last) {
    if (!last) {
      pace.gather(this::called);
      // What called while it gathered has used up its wake-up.
      if (waiting.isEmpty() && !called()) {
        queue.awaitWork(config.checkpointAfter().toNanos());
      }
    }
    String lost = lostInstance;
    if (lost != null) {
      lostInstance = null;
      if (lost.equals(position.instance())) {
        trouble(new LogBatch(), leaseLost());
        return;
      }
    }
    List<CompletableFuture<Void>> flushing = takeFlushes();
    LogBatch batch = new LogBatch();
    queue.taking();
    batch.fill(waiting);
    batch.fill(queue);
    if (batch.isFull()) {
      // What they wait for may be in the rest.
      flushes.addAll(flushing);
      flushing.clear();
    }
    if (!last) {
      int room = LogBatch.ENTRIES_MAX - batch.size();
      open.due(time.nanos(), config, room, batch::checkpoint);
    }
    if (!batch.isEmpty()) {
      pace.starts();
      commit(batch);
      pace.ended(batch);
      waiting.addAll(batch.later);
    }
    flushing.forEach(flushed -> flushed.complete(null));
  }

  private List<CompletableFuture<Void>> takeFlushes() {
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (var flushed = flushes.poll(); flushed != null; flushed = flushes.poll()) {
      taken.add(flushed);
    }
    return taken;
  }

  /// Somebody wants this thread for something else than what is queued.
  private boolean called() {
    return stopping || lostInstance != null || !flushes.isEmpty();
  }

  private void commit(LogBatch batch) {
    try {
      if (append(batch, 0)) {
        pace.letsGo();
        DurableCallbacks.tell(batch.opens, null);
        refusedByPurses(batch.refused);
      } else {
        trouble(batch, leaseLost());
      }
    } catch (RuntimeException e) {
      trouble(batch, e);
    }
  }

  private boolean append(LogBatch batch, int charsMin) {
    Position at = position;
    int as = Math.max(form, batch.formNeeded());
    Commit settlement = batch.settlement();
    commitNanos = time.nanos();
    try {
      boolean appended =
          settlement.isEmpty()
              ? append(at.instance(), at.seq() + 1, encoded(batch, as, charsMin), as)
              : store.append(
                  at.instance(),
                  at.seq() + 1,
                  as,
                  as == formSaid,
                  settlement,
                  batch::decided,
                  () -> encoded(batch, as, charsMin));
      if (!appended) {
        return false;
      }
      Commits before = commits;
      long took = time.nanos() - commitNanos;
      commits =
          new Commits(before.good() + 1, before.nanos() + took, before.failed(), before.open());
    } finally {
      commitNanos = NONE;
      batch.sortOut();
    }
    formSaid = as;
    written(batch, at.seq() + 1);
    return true;
  }

  private boolean append(String instance, long seq, String payload, int as) {
    return as == formSaid
        ? store.append(instance, seq, payload)
        : store.append(instance, seq, payload, as);
  }

  private String encoded(LogBatch batch, int as, int charsMin) {
    batch.encode(writer, as, time.millis());
    writer.pad(charsMin);
    return writer.text();
  }

  /// They never were.
  private void refusedByPurses(List<LoggedAttempt> refused) {
    if (refused.isEmpty()) {
      return;
    }
    refused.forEach(attempt -> {
      attempt.stage = LoggedAttempt.Stage.REFUSED;
      InsufficientFunds why = attempt.refusal;
      if (why != null) {
        hints.put(why, time.nanos());
      }
    });
    DurableCallbacks.tellEach(refused, attempt -> attempt.refusal);
  }

  private void written(LogBatch batch, long seq) {
    batch.committed(open, seq, time.nanos());
    Commits counted = commits;
    commits = new Commits(counted.good(), counted.nanos(), counted.failed(), open.size());
    Position before = position;
    position =
        new Position(
            before.instance(), seq, open.oldestSeq(seq + 1), before.entries() + batch.size());
  }

  /// The row may or may not be there. Its openings are refused either way: nobody has seen a byte.
  private void trouble(LogBatch batch, Throwable why) {
    LOG.error(
        "attempts cannot be recorded, new calls are refused until they can: {}", why.toString());
    Commits before = commits;
    commits = new Commits(before.good(), before.nanos(), before.failed() + 1, before.open());
    failingNanos = time.nanos();
    failing = true;
    cause = why;
    doubtful = batch;
    triedNanos = time.nanos() - RETRY_NANOS_MAX;
    retryNanos = RETRY_NANOS_FIRST;
    refuse(batch.opens);
    refusedByPurses(batch.refused);
  }

  private void refuse(List<LoggedAttempt> opens) {
    opens.forEach(attempt -> attempt.stage = LoggedAttempt.Stage.REFUSED);
    DurableCallbacks.tell(opens, cause);
  }

  private void whileFailing() {
    LogBatch come = new LogBatch();
    come.fill(waiting);
    come.fill(queue);
    refuse(come.opens);
    keep(come);
    takeFlushes().forEach(flushed -> flushed.complete(null));
    long wait = retryNanos - (time.nanos() - triedNanos);
    if (wait <= 0) {
      recover();
      triedNanos = time.nanos();
    } else {
      queue.awaitWork(wait);
    }
  }

  /// Those whose opening was refused never were.
  private void keep(LogBatch batch) {
    for (LoggedAttempt attempt : batch.closes) {
      if (attempt.stage == LoggedAttempt.Stage.OPEN) {
        keptCloses.add(attempt);
      }
    }
    keptVoids.addAll(batch.voids);
  }

  private void recover() {
    try {
      Instance row = instances.beat(position.instance(), time.millis()).orElse(null);
      if (row == null || row.fenced()) {
        startAnew();
      } else {
        settle(row.logSeq());
      }
      writeKept();
      failing = false;
      LOG.info("attempts are recorded again, as instance {}", position.instance());
    } catch (RuntimeException e) {
      LOG.debug("attempts still cannot be recorded", e);
      cause = e;
      retryNanos = Math.min(retryNanos * 2, RETRY_NANOS_MAX);
    }
  }

  /// Takes note of what became of the doubtful row.
  private void settle(long logSeq) {
    LogBatch batch = doubtful;
    if (batch == null) {
      return;
    }
    if (logSeq == position.seq() + 1) {
      // It is there, with openings whose callers were told they are not.
      List<LoggedAttempt> refused = new ArrayList<>(batch.opens);
      batch.opens.clear();
      written(batch, logSeq);
      keptVoids.addAll(refused);
    } else {
      keep(batch);
    }
    doubtful = null;
  }

  /// Another instance has this one's log, and records what it left open as interrupted.
  private void startAnew() {
    int taken = open.taken();
    keptCloses.clear();
    keptVoids.clear();
    doubtful = null;
    String fresh = InstanceIds.next();
    instances.register(fresh, EntryWriter.FORM, time.millis());
    formSaid = InstanceStore.FORM_UNSAID;
    LOG.warn(
        "the lease of {} was taken over, with {} open attempts; going on as {}",
        position.instance(),
        taken,
        fresh);
    position = new Position(fresh, 0, 1, 0);
  }

  /// Writes what was kept, and at least one row, to see that rows can be written.
  private void writeKept() {
    do {
      LogBatch batch = new LogBatch();
      while (!batch.isFull() && !keptCloses.isEmpty()) {
        batch.close(keptCloses.remove());
      }
      while (!batch.isFull() && !keptVoids.isEmpty()) {
        batch.voided(keptVoids.remove());
      }
      doubtful = batch;
      if (!append(batch, PROBE_CHARS)) {
        throw new StoreFailed("the lease was taken over meanwhile");
      }
      doubtful = null;
    } while (!keptCloses.isEmpty() || !keptVoids.isEmpty());
  }

  /// Also called by others once the thread has ended, for what came too late.
  synchronized void refuseQueued() {
    LogBatch rest = new LogBatch();
    do {
      rest = new LogBatch();
      rest.fill(queue);
      cause = new StoreFailed("this process is stopping");
      refuse(rest.opens);
    } while (!rest.isEmpty());
    takeFlushes().forEach(flushed -> flushed.complete(null));
  }

  private static StoreFailed leaseLost() {
    return new StoreFailed("this instance's lease was taken over");
  }

  static Duration stopLimit() {
    return Duration.ofNanos(STOP_NANOS);
  }
}
