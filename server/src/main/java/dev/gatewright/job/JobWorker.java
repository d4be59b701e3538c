package dev.gatewright.job;

import dev.gatewright.id.Ids;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the jobs of the outbox one after the other, on a thread of its own; several processes on
/// one store share the work. It claims only kinds it has a runner for, so a newer replica may add
/// what an older one does not know. Thread-safe.
public final class JobWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);
  private static final long POLL_MILLIS = 1_000;
  private static final Duration RUN_MAX = Duration.ofSeconds(60);

  /// How long a claim holds: longer than a run and the write behind it can take.
  static final long CLAIM_MILLIS = 180_000;

  private static final long SWEEP_MILLIS = 15_000;
  private static final long DONE_KEPT_MILLIS = 86_400_000;
  private static final long FAILED_KEPT_MILLIS = 7 * DONE_KEPT_MILLIS;
  private static final int PURGED_MOST = 500;

  private final Database database;
  private final Time time;
  private final String name;
  private final Map<String, JobRunner> runners = new ConcurrentHashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile int waiting;
  private long sweepAtMillis;
  private @Nullable Thread thread;

  JobWorker(Database database, Time time) {
    this.database = database;
    this.time = time;
    this.name = Ids.uuid7("worker_", time.millis());
  }

  /// Begins to look for jobs, once a second; runners may be registered later.
  public static JobWorker start(Database database, Time time) {
    JobWorker worker = new JobWorker(database, time);
    worker.thread = Thread.ofPlatform().daemon().name("jobs").start(worker::loop);
    return worker;
  }

  /// @throws IllegalStateException when the kind has one already
  public void register(String kind, JobRunner runner) {
    if (runners.putIfAbsent(kind, runner) != null) {
      throw new IllegalStateException("jobs of the kind %s have a runner".formatted(kind));
    }
  }

  public JobFigures figures() {
    return new JobFigures(done.get(), failed.get(), waiting);
  }

  private void loop() {
    try {
      while (stop.getCount() > 0) {
        if (!guardedTurn()) {
          boolean stopped = stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
          if (stopped) {
            return;
          }
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean guardedTurn() throws InterruptedException {
    try {
      return turn();
    } catch (RuntimeException broken) {
      if (stop.getCount() > 0) {
        LOG.warn("jobs cannot be looked for: {}", broken.getMessage());
      }
      return false;
    }
  }

  /// One job, when one is due; true when there may be another.
  boolean turn() throws InterruptedException {
    sweep();
    Set<String> kinds = Set.copyOf(runners.keySet());
    if (kinds.isEmpty()) {
      return false;
    }
    long now = time.millis();
    boolean due = database.read(handle -> JobStore.anyDue(handle, kinds, now));
    if (!due) {
      return false;
    }
    Optional<Job> claimed =
        database.write(handle -> JobStore.claim(handle, kinds, name, now, now + CLAIM_MILLIS));
    if (claimed.isPresent()) {
      settle(claimed.get(), run(claimed.get()));
    }
    return true;
  }

  /// Runs a job within its limit, on a virtual thread: those leave a socket when interrupted.
  private JobResult run(Job job) throws InterruptedException {
    JobRunner runner = runners.get(job.kind());
    if (runner == null) {
      return new JobResult.Again("nothing here runs it");
    }
    Run run = new Run(runner, job);
    Thread running = Thread.ofVirtual().name("job").start(run);
    try {
      if (!running.join(RUN_MAX)) {
        running.interrupt();
        running.join();
        return new JobResult.Again("took longer than %d s".formatted(RUN_MAX.toSeconds()));
      }
    } catch (InterruptedException stopped) {
      running.interrupt();
      running.join(RUN_MAX);
      settle(job, run.result == null ? new JobResult.Again("the server stopped") : run.result);
      throw stopped;
    }
    return run.result == null ? new JobResult.Again("ended without a result") : run.result;
  }

  private static final class Run implements Runnable {
    private final JobRunner runner;
    private final Job job;
    private volatile @Nullable JobResult result;

    Run(JobRunner runner, Job job) {
      this.runner = runner;
      this.job = job;
    }

    @Override
    public void run() {
      try {
        result = runner.run(job);
      } catch (RuntimeException bug) {
        // Its text may hold what the job is about; the type is for the log and for administrators.
        String type = bug.getClass().getSimpleName();
        LOG.warn("job {} of the kind {} broke: {}", job.id(), job.kind(), type);
        result = new JobResult.Again("broke: " + type);
      }
    }
  }

  private void settle(Job job, JobResult result) {
    long now = time.millis();
    switch (result) {
      case JobResult.Done() -> {
        if (end(job, "done", "", now)) {
          done.incrementAndGet();
        }
      }
      case JobResult.Dropped(String why) -> end(job, "dropped", why, now);
      case JobResult.Failed(String problem) -> fail(job, problem, now);
      case JobResult.Again(String problem) -> {
        long due = now + Retries.afterMillis(job.attempts());
        if (due >= job.expiresMillis()) {
          fail(job, problem, now);
        } else {
          database.write(handle -> {
            JobStore.again(handle, job, name, problem, due);
            return true;
          });
        }
      }
    }
  }

  private void fail(Job job, String problem, long now) {
    if (end(job, "failed", problem, now)) {
      LOG.warn("job {} of the kind {} failed: {}", job.id(), job.kind(), problem);
      failed.incrementAndGet();
    }
  }

  private boolean end(Job job, String state, String problem, long now) {
    return database.write(handle -> JobStore.end(handle, job, name, state, problem, now));
  }

  /// Gives up what is too old and forgets what ended, four times a minute.
  private void sweep() {
    long now = time.millis();
    if (now < sweepAtMillis && sweepAtMillis - now <= SWEEP_MILLIS) {
      return;
    }
    sweepAtMillis = now + SWEEP_MILLIS;
    waiting = database.read(handle -> JobStore.waiting(handle, Outbox.JOBS_MAX));
    int expired =
        database.write(handle -> {
          JobStore.purge(handle, now - DONE_KEPT_MILLIS, now - FAILED_KEPT_MILLIS, PURGED_MOST);
          return JobStore.expire(handle, now);
        });
    failed.addAndGet(expired);
  }

  /// Ends; a job that runs is broken off and waits for its next attempt. Blocks up to a few
  /// seconds.
  @Override
  public void close() {
    stop.countDown();
    Thread loop = thread;
    if (loop == null) {
      return;
    }
    try {
      if (!loop.join(Duration.ofSeconds(2))) {
        loop.interrupt();
        loop.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
