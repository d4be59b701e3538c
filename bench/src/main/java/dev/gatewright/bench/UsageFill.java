package dev.gatewright.bench;

import dev.gatewright.account.Tenant;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.Cost;
import dev.gatewright.ledger.Facets;
import dev.gatewright.ledger.Hold;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome;
import dev.gatewright.ledger.Outcome.End;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.ledger.Rung;
import dev.gatewright.ledger.log.LogEntry.Closed;
import dev.gatewright.ledger.projection.ProjectionStore;
import dev.gatewright.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Rows of usage and their sums, written by the product's own projection in the order of time: half
/// of all calls are one organization's, the others nine more's. Each has 100 keys of 30 members in
/// 10 projects; a key uses four of twelve models at four providers and one of two sets of tags, a
/// tenth of them a service. The same calls each time.
final class UsageFill {
  static final int DAYS = 95;

  private static final int ORGANIZATIONS = 10;
  private static final int KEYS = 100;
  private static final int BATCH_ROWS = 5_000;
  private static final int CALLS_OF_A_TRANSFER = 100;

  private final Database database;
  private final String organizationId;
  private final long beginMillis;
  private final long rows;
  private final SplittableRandom random = new SplittableRandom(12);
  private final AttemptIds ids = new AttemptIds();

  /// @param organizationId whose the half is
  /// @param nowMillis the last call's time
  UsageFill(Database database, String organizationId, long rows, long nowMillis) {
    this.database = database;
    this.organizationId = organizationId;
    this.rows = rows;
    this.beginMillis = nowMillis - Duration.ofDays(DAYS).toMillis();
  }

  /// The organization that each gate is born with.
  static String first(Database database) {
    return database.read(handle ->
        handle
            .createQuery("SELECT id FROM organization ORDER BY created_millis LIMIT 1")
            .mapTo(String.class)
            .one());
  }

  void run() {
    ProjectionStore projection = new ProjectionStore();
    List<Closed> batch = new ArrayList<>(BATCH_ROWS);
    for (long row = 0; row < rows; row++) {
      batch.add(call(row));
      if (batch.size() == BATCH_ROWS || row + 1 == rows) {
        List<Closed> full = List.copyOf(batch);
        database.write(handle -> {
          projection.add(handle, full);
          return true;
        });
        batch.clear();
      }
    }
    transfers();
    analyze(database);
  }

  /// For the planner; takes longer than the time a lane has for a statement.
  static void analyze(Database database) {
    database.write(handle -> {
      if (database.kind() == Database.Kind.POSTGRES) {
        handle.execute("SET LOCAL statement_timeout = 0");
      }
      return handle.execute("ANALYZE");
    });
  }

  private long at(long row) {
    return beginMillis + row * (Duration.ofDays(DAYS).toMillis() / 1_000) / rows * 1_000;
  }

  private Closed call(long row) {
    int which = random.nextInt(2 * ORGANIZATIONS - 2);
    String organization = which < ORGANIZATIONS - 1 ? organizationId : "org_bench_" + which;
    // The square of a share: a few keys make most of the calls.
    double share = random.nextDouble();
    int key = (int) (share * share * KEYS);
    int model = (key * 5 + random.nextInt(4)) % 12;
    String provider = "provider-" + model % 4;
    boolean service = key % 10 == 9;
    boolean again = random.nextInt(50) == 0;
    Facets facets =
        new Facets(
            service ? "chat" : "",
            "",
            "per_bench_" + key % 30,
            random.nextInt(3) == 0 ? List.of() : List.of("team " + key % 8, "live"));
    long input = 200L + random.nextInt(2_000);
    long output = 20L + random.nextInt(500);
    long nano = service ? 0 : (input + 4 * output) * (150 + 50L * model);
    Opening opening =
        new Opening(
                "req_%032x".formatted(row),
                again ? 1 : 0,
                true,
                !again,
                new Tenant(organization, "prj_bench_" + key % 10),
                "key_bench_" + key,
                "model-" + model,
                provider + "/model-" + model,
                provider,
                "/v1/chat/completions",
                random.nextBoolean(),
                random.nextInt(100) == 0,
                at(row),
                input,
                Rung.PLATFORM)
            .with(facets)
            .with(new Charge("price_bench", "", true, List.of(new Hold("wal_bench", nano))));
    End end = random.nextInt(100) == 0 ? End.FAILED : End.COMPLETED;
    Usage usage =
        new Usage(input, output, input / 4, 0, output / 5, Source.PROVIDER, Source.PROVIDER);
    Map<String, Long> meters = Map.of("input", input - input / 4, "output", output);
    return new Closed(
        ids.next(opening.startedMillis()),
        opening,
        new Outcome(end, end == End.FAILED ? 502 : 200, usage, 100, 900, 2_000, 2_000),
        new Cost(nano, false, nano, "price_bench", "catalogue", meters));
  }

  /// What the wallet paid, by transfers of many calls each: for statements, not for the chain.
  private void transfers() {
    String wallet = "wal_" + organizationId.substring("org_".length());
    long count = Math.max(1, rows / CALLS_OF_A_TRANSFER);
    for (long first = 0; first < count; first += BATCH_ROWS) {
      long from = first;
      long to = Math.min(count, first + BATCH_ROWS);
      database.write(handle -> {
        PreparedBatch batch =
            handle.prepareBatch(
                """
                INSERT INTO transfer (organization_id, position, id, kind, debit, credit, amount,
                  ref, note, actor, at_millis, hash)
                VALUES (?, ?, ?, 'usage', ?, 'platform:revenue', 1000000, ?, '', 'ledger', ?, ?)\
                """);
        for (long i = from; i < to; i++) {
          batch.add(
              organizationId,
              i + 1,
              "trf_bench_" + i,
              wallet,
              "usage:bench:" + i,
              at(i * CALLS_OF_A_TRANSFER),
              "%043d".formatted(i));
        }
        return batch.execute().length;
      });
    }
  }
}
