package dev.gatewright.audit;

import dev.gatewright.store.DataFolder;
import dev.gatewright.store.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the chains while the program runs: walks each once at the start, behind everything
/// else, and writes each minute, and at the stop, where those that have grown end now. A broken
/// chain is told and stops nothing. Thread-safe.
public final class AuditWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditWatch.class);
  private static final int ORGANIZATIONS_ROWS = 200;
  private static final int ANCHORS_MAX = 100;
  private static final Duration FIRST_AFTER = Duration.ofSeconds(3);
  private static final long LAST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 2_000;

  /// The last anchored ends that are remembered; of others the file is asked again.
  private static final int REMEMBERED_MAX = 10_000;

  private final AuditLog audit;
  private final Database database;
  private final AnchorFile file;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, Long> anchored = new HashMap<>();
  private final Consumer<AuditAnchor> elsewhere;
  private volatile @Nullable String problem;
  private @Nullable Thread thread;

  AuditWatch(
      AuditLog audit, Database database, DataFolder folder, Consumer<AuditAnchor> elsewhere) {
    this.audit = audit;
    this.database = database;
    this.file = new AnchorFile(folder);
    this.elsewhere = elsewhere;
  }

  /// Begins on a thread of its own.
  ///
  /// @param folder where the anchors are kept
  /// @param elsewhere hears of each as well, so that they leave the machine with its logs
  public static AuditWatch start(
      AuditLog audit, Database database, DataFolder folder, Consumer<AuditAnchor> elsewhere) {
    AuditWatch watch = new AuditWatch(audit, database, folder, elsewhere);
    watch.thread = Thread.ofPlatform().daemon().name("audit-watch").start(watch::run);
    return watch;
  }

  /// What is wrong with a chain, as last seen; null = nothing that is known.
  public @Nullable String problem() {
    return problem;
  }

  private void run() {
    try {
      // A start needs its cores for itself; hashes and signatures have time.
      if (!stop.await(FIRST_AFTER.toMillis(), TimeUnit.MILLISECONDS)) {
        guarded(this::verifyAll);
      }
      do {
        guarded(this::anchorAll);
      } while (!stop.await(1, TimeUnit.MINUTES));
      guarded(this::anchorLast);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Round {
    void go() throws IOException;
  }

  private void guarded(Round round) {
    try {
      round.go();
    } catch (IOException | RuntimeException failed) {
      if (stop.getCount() > 0) {
        LOG.warn("audit chains could not be looked after: {}", failed.getMessage());
      }
    }
  }

  /// Walks every chain, held against the anchors this machine has.
  void verifyAll() throws IOException {
    forEach(
        this::going,
        organization -> {
          List<AuditAnchor> anchors = file.newest(organization, ANCHORS_MAX);
          if (audit.verify(database, organization, anchors)
              instanceof AuditLog.Walk.Broken broken) {
            tell(organization, broken);
          }
        });
  }

  private void tell(String organization, AuditLog.Walk.Broken broken) {
    problem = "the audit chain of %s is broken: %s".formatted(organization, broken.reason());
    LOG.warn("{} (run `gatewright audit verify`)", problem);
  }

  /// Writes an anchor for each chain that has moved since the last one.
  void anchorAll() throws IOException {
    anchorEach(this::going);
  }

  /// What has grown since the last minute, as far as there is time.
  private void anchorLast() throws IOException {
    long until = audit.nanos() + LAST_NANOS;
    anchorEach(() -> audit.nanos() - until < 0);
  }

  private boolean going() {
    return stop.getCount() > 0;
  }

  private void anchorEach(BooleanSupplier goOn) throws IOException {
    forEach(
        goOn,
        organization -> {
          AuditAnchor now = audit.anchor(database, organization).orElse(null);
          Long seq = now == null ? null : now.seq();
          if (now == null || seq == null || seq == 0) {
            return;
          }
          Long before = anchored.get(organization);
          if (before == null) {
            List<AuditAnchor> last = file.newest(organization, 1);
            before = last.isEmpty() ? null : last.getFirst().seq();
          }
          if (before != null && seq < before) {
            tell(
                organization,
                new AuditLog.Walk.Broken(
                    seq + 1,
                    "link %d was anchored and the chain ends before it".formatted(before)));
          }
          if (!seq.equals(before)) {
            file.append(now);
            elsewhere.accept(now);
          }
          if (anchored.size() < REMEMBERED_MAX || anchored.containsKey(organization)) {
            anchored.put(organization, seq);
          }
        });
  }

  private interface Each {
    void go(String organization) throws IOException;
  }

  private void forEach(BooleanSupplier goOn, Each each) throws IOException {
    String after = "";
    while (goOn.getAsBoolean()) {
      String from = after;
      List<String> page =
          database.read(handle -> AuditStore.organizations(handle, from, ORGANIZATIONS_ROWS));
      for (String organization : page) {
        each.go(organization);
        if (!goOn.getAsBoolean()) {
          return;
        }
      }
      if (page.size() < ORGANIZATIONS_ROWS) {
        return;
      }
      after = page.getLast();
    }
  }

  /// Anchors what has grown, within two seconds.
  @Override
  public void close() {
    stop.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        running.join(CLOSE_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
