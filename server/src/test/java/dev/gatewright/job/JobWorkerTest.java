package dev.gatewright.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

class JobWorkerTest {
  private static final String ORGANIZATION = "org_1";
  private static final long DAY_MILLIS = 86_400_000;

  private final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final Time time =
      new Time(() -> Instant.ofEpochMilli(nowMillis.get()), () -> nowMillis.get() * 1_000_000);
  private final List<Long> ranAfterMillis = new ArrayList<>();
  private final Deque<JobResult> results = new ArrayDeque<>();

  private Added add(Database database, String organization, long lifeMillis) {
    Outbox outbox = new Outbox(database, time);
    return database.write(
        handle -> outbox.add(handle, organization, "note", "{}", time.millis() + lifeMillis));
  }

  /// Runs what is due, and takes the results of this test one by one.
  private JobWorker worker(Database database) {
    JobWorker worker = new JobWorker(database, time);
    long start = time.millis();
    worker.register(
        "note",
        _ -> {
          ranAfterMillis.add(time.millis() - start);
          JobResult next = results.poll();
          return next == null ? new JobResult.Done() : next;
        });
    return worker;
  }

  private void pass(JobWorker worker, long seconds) throws InterruptedException {
    for (long i = 0; i < seconds; i++) {
      while (worker.turn()) {}
      nowMillis.addAndGet(1_000);
    }
  }

  private List<FailedJob> failed(Database database) {
    return new Outbox(database, time).failed(ORGANIZATION, 10);
  }

  /// 11
  @EachDatabase
  void outbox_two_replicas_send_once(TestStore store) throws Exception {
    boolean shared = store.config().postgres() != null;
    Database first = store.database();
    Database second = shared ? store.open() : first;
    int jobs = 200;
    for (int i = 0; i < jobs; i++) {
      add(first, ORGANIZATION, DAY_MILLIS);
    }
    Map<String, Integer> ran = new ConcurrentHashMap<>();
    CountDownLatch together = new CountDownLatch(1);
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Database database : List.of(first, second, first, second)) {
        JobWorker worker = new JobWorker(database, time);
        worker.register(
            "note",
            job -> {
              ran.merge(job.id(), 1, Integer::sum);
              return new JobResult.Done();
            });
        running.add(
            threads.submit(() -> {
              together.await();
              while (worker.turn()) {}
              return null;
            }));
      }
      together.countDown();
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(ran).hasSize(jobs);
    assertThat(ran.values()).containsOnly(1);
  }

  @EachDatabase
  void a_job_exists_only_if_its_change_does(Database database) throws Exception {
    Outbox outbox = new Outbox(database, time);
    assertThatThrownBy(() ->
            database.write(handle -> {
              outbox.add(handle, ORGANIZATION, "note", "{}", time.millis() + DAY_MILLIS);
              throw new IllegalStateException("the change fails");
            }))
        .hasMessageContaining("the change fails");
    pass(worker(database), 1);
    assertThat(ranAfterMillis).isEmpty();
  }

  @EachDatabase
  void a_job_is_tried_again_after_5_15_and_60_seconds_until_it_is_taken(Database database)
      throws Exception {
    add(database, ORGANIZATION, 600_000);
    for (int i = 0; i < 3; i++) {
      results.add(new JobResult.Again("busy"));
    }
    JobWorker worker = worker(database);
    pass(worker, 120);
    assertThat(ranAfterMillis).containsExactly(0L, 5_000L, 20_000L, 80_000L);
    assertThat(worker.figures().done()).isEqualTo(1);
    assertThat(failed(database)).isEmpty();
  }

  @EachDatabase
  void no_attempt_is_made_behind_the_end_of_a_job(Database database) throws Exception {
    add(database, ORGANIZATION, 600_000);
    for (int i = 0; i < 20; i++) {
      results.add(new JobResult.Again("the server is down"));
    }
    JobWorker worker = worker(database);
    pass(worker, 1_200);
    assertThat(ranAfterMillis).containsExactly(0L, 5_000L, 20_000L, 80_000L, 200_000L, 440_000L);
    assertThat(failed(database))
        .singleElement()
        .satisfies(job -> {
          assertThat(job.problem()).isEqualTo("the server is down");
          assertThat(job.attempts()).isEqualTo(6);
        });
    assertThat(worker.figures().failed()).isEqualTo(1);
  }

  @EachDatabase
  void a_job_nobody_could_run_in_time_has_failed(Database database) throws Exception {
    add(database, ORGANIZATION, 600_000);
    nowMillis.addAndGet(600_000);
    pass(worker(database), 1);
    assertThat(ranAfterMillis).isEmpty();
    assertThat(failed(database))
        .singleElement()
        .satisfies(job -> assertThat(job.problem()).contains("its time was over"));
  }

  @EachDatabase
  void what_cannot_go_better_is_not_tried_again_and_forgotten_in_a_week(Database database)
      throws Exception {
    add(database, ORGANIZATION, DAY_MILLIS);
    add(database, ORGANIZATION, DAY_MILLIS);
    results.add(new JobResult.Failed("refused with 550"));
    results.add(new JobResult.Dropped("withdrawn"));
    JobWorker worker = worker(database);
    pass(worker, 120);
    assertThat(ranAfterMillis).hasSize(2);
    assertThat(failed(database))
        .singleElement()
        .satisfies(job -> assertThat(job.problem()).isEqualTo("refused with 550"));
    assertThat(new Outbox(database, time).failed("org_2", 10)).isEmpty();
    nowMillis.addAndGet(8 * DAY_MILLIS);
    pass(worker, 1);
    assertThat(failed(database)).isEmpty();
  }

  @EachDatabase
  void the_job_of_a_process_that_died_is_taken_over(Database database) throws Exception {
    add(database, ORGANIZATION, DAY_MILLIS);
    JobWorker first = new JobWorker(database, time);
    JobWorker second = worker(database);
    first.register(
        "note",
        _ -> {
          // Here it stands still, so long that it counts as dead.
          nowMillis.addAndGet(JobWorker.CLAIM_MILLIS);
          try {
            pass(second, 1);
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
          return new JobResult.Failed("too late to say so");
        });
    first.turn();
    assertThat(ranAfterMillis).hasSize(1);
    assertThat(second.figures().done()).isEqualTo(1);
    assertThat(first.figures().failed()).isZero();
    assertThat(failed(database)).isEmpty();
  }

  @EachDatabase
  void a_broken_runner_neither_stops_the_others_nor_tells(Database database) throws Exception {
    Outbox outbox = new Outbox(database, time);
    database.write(handle -> outbox.add(handle, ORGANIZATION, "bad", "{}", time.millis() + 10_000));
    database.write(
        handle -> outbox.add(handle, ORGANIZATION, "unknown", "{}", time.millis() + DAY_MILLIS));
    add(database, ORGANIZATION, DAY_MILLIS);
    JobWorker worker = worker(database);
    worker.register(
        "bad",
        _ -> {
          throw new IllegalStateException("canary-secret");
        });
    pass(worker, 30);
    assertThat(ranAfterMillis).hasSize(1);
    assertThat(failed(database))
        .singleElement()
        .satisfies(job -> assertThat(job.problem()).isEqualTo("broke: IllegalStateException"));
  }

  @EachDatabase
  void a_full_queue_refuses_one_organization_and_no_other(Database database) {
    Outbox outbox = new Outbox(database, time);
    long end = time.millis() + DAY_MILLIS;
    database.write(handle -> {
      for (int i = 0; i < Outbox.ORGANIZATION_JOBS_MAX; i++) {
        assertThat(outbox.add(handle, ORGANIZATION, "note", "{}", end))
            .isInstanceOf(Added.Queued.class);
      }
      return true;
    });
    assertThat(add(database, ORGANIZATION, DAY_MILLIS))
        .isEqualTo(
            new Added.Refused(
                "500 messages of org_1 wait already (expected: fewer than 500); try again later"));
    assertThat(add(database, "org_2", DAY_MILLIS)).isInstanceOf(Added.Queued.class);
    assertThat(add(database, "", DAY_MILLIS)).isInstanceOf(Added.Queued.class);
    assertThatThrownBy(
            () -> database.write(handle -> outbox.add(handle, "", "note", "x".repeat(5_000), end)))
        .hasMessageContaining("payload of note: 5000 B (expected: at most 4 KiB)");
  }
}
