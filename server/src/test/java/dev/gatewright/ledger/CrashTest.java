package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.TestAttempts.Row;
import dev.gatewright.store.Database;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;

/// Kills a recording process, again and again, and holds the rows against what it was promised.
class CrashTest {
  private final Set<String> opened = new HashSet<>();
  private final Set<String> closing = new HashSet<>();

  @EachDatabase
  void every_acknowledged_opening_has_one_row_after_kill_9(TestStore store) throws Exception {
    kill(store, 3);
  }

  @Tag("long")
  @EachDatabase
  void and_so_it_does_after_many(TestStore store) throws Exception {
    kill(store, 60);
  }

  private void kill(TestStore store, int times) throws IOException, InterruptedException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      killOnce(store, random);
    }
    Database database = store.database();
    try (Ledger ledger = LedgerTest.start(database)) {
      Await.until(() -> {
        Set<String> ids = new HashSet<>();
        LedgerTest.project(ledger, database).forEach(row -> ids.add(row.id()));
        return ids.containsAll(opened);
      });
    }
    check(database, seed);
  }

  private void check(Database database, long seed) {
    assertThat(opened).as("seed %d", seed).hasSizeGreaterThan(20);
    List<Row> rows = TestAttempts.rows(database);
    Map<String, Row> byId = rows.stream().collect(Collectors.toMap(Row::id, Function.identity()));
    for (String id : opened) {
      assertThat(byId).as("seed %d", seed).containsKey(id);
      Row row = Objects.requireNonNull(byId.get(id));
      if (!closing.contains(id)) {
        assertThat(row.outcome()).as("%s, seed %d", id, seed).isEqualTo("interrupted");
      }
    }
    assertThat(rows).anyMatch(row -> row.outcome().equals("completed"));
    assertThat(rows.stream().map(Row::requestId)).as("seed %d", seed).doesNotHaveDuplicates();
    // The sums move in the same transactions: a double projection would show here.
    long summed =
        database.read(handle ->
            handle
                .createQuery("SELECT SUM(attempts) FROM usage_rollup WHERE step_minutes = 15")
                .mapTo(Long.class)
                .one());
    assertThat(summed).as("seed %d", seed).isEqualTo(rows.size());
    assertThat(TestAttempts.count(database, "instance")).isZero();
  }

  private void killOnce(TestStore store, Random random) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(command(store, random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = child.inputReader()) {
      List<String> said = new ArrayList<>();
      // The first promise shows that it has started; the rest come until it dies.
      said.add(lines.readLine());
      Thread killer = Thread.ofVirtual().start(() -> killAfter(child, 30 + random.nextInt(700)));
      lines.lines().forEach(said::add);
      killer.join();
      said.forEach(this::take);
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void killAfter(Process child, int millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // By its handle: `Process.destroyForcibly` also closes the streams the test is reading.
    child.toHandle().destroyForcibly();
  }

  private void take(String line) {
    // The last line may have been cut.
    if (line.length() == 2 + "att_".length() + 32) {
      (line.charAt(0) == 'o' ? opened : closing).add(line.substring(2));
    }
  }

  private static List<String> command(TestStore store, long seed) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CrashChild.class.getName(),
                store.config().dataFolder().toString(),
                Long.toString(seed)));
    PostgresAddress postgres = store.config().postgres();
    if (postgres != null) {
      command.add(
          "postgresql://postgres:postgres@%s/%s".formatted(postgres.hosts(), postgres.database()));
    }
    return command;
  }
}
