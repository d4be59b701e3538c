package dev.gatewright.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.store.Database;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;

/// Kills a process whose calls are paid for, again and again, and holds the books against what its
/// teller served: nothing lost, nothing doubled, nothing below zero, nothing held in the end.
class PurseCrashTest {
  private static final long GIVEN = 6_000 * TestPurses.TOKEN;

  /// By the teller: tokens of each call served.
  private final Map<String, Long> served = new HashMap<>();

  @EachDatabase
  void the_books_agree_with_the_teller_after_kill_9(TestStore store) throws Exception {
    kill(store, 2);
  }

  @Tag("long")
  @EachDatabase
  void and_so_they_do_after_many(TestStore store) throws Exception {
    kill(store, 30);
  }

  private void kill(TestStore store, int times) throws IOException, InterruptedException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Database database = store.database();
    TestPurses.give(database, "org_1", GIVEN);
    TestPurses.give(database, "org_2", GIVEN);
    TestPurses.budget(database, "bud_1@0", GIVEN / 4);
    boolean sqlite = database.kind() == Database.Kind.SQLITE;
    if (sqlite) {
      // One process at a time may have the folder.
      store.database().close();
    }
    for (int i = 0; i < times; i++) {
      killOnce(store, random);
    }
    Database after = sqlite ? store.open() : database;
    try (Ledger ledger = TestPurses.start(after)) {
      Await.until(() -> {
        ledger.projector().projectAll();
        return TestAttempts.count(after, "instance") == 1
            && TestPurses.purse(after, "wal_1").held() == 0
            && TestPurses.purse(after, "wal_2").held() == 0;
      });
      TestPurses.check(after);
    }
    check(after, seed);
  }

  private void check(Database database, long seed) {
    assertThat(served).as("seed %d", seed).hasSizeGreaterThan(10);
    Map<String, Long> billed = new HashMap<>();
    database.read(handle ->
        handle
            .createQuery("SELECT id, billed_nano, outcome FROM usage_attempt")
            .map((row, _) -> {
              assertThat(billed.put(row.getString(1), row.getLong(2))).isNull();
              Long tokens = served.get(row.getString(1));
              if (row.getString(3).equals("completed") && tokens != null) {
                assertThat(row.getLong(2))
                    .as("%s, seed %d", row.getString(1), seed)
                    .isEqualTo(tokens * TestPurses.TOKEN);
              }
              return 0;
            })
            .list());
    // What was served has its row, if only as interrupted; money went for rows and nothing else.
    assertThat(billed.keySet()).as("seed %d", seed).containsAll(served.keySet());
    long spent = billed.values().stream().mapToLong(Long::longValue).sum();
    long left =
        TestPurses.purse(database, "wal_1").room() + TestPurses.purse(database, "wal_2").room();
    assertThat(left).as("seed %d", seed).isEqualTo(2 * GIVEN - spent);
    assertThat(TestPurses.purse(database, "bud_1@0").held()).isZero();
    assertThat(TestPurses.purse(database, "wal_1").unposted()).isZero();
    TestPurses.check(database);
  }

  private void killOnce(TestStore store, Random random) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(command(store, random.nextLong()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = child.inputReader()) {
      List<String> said = new ArrayList<>();
      said.add(lines.readLine());
      int millis = 30 + random.nextInt(700);
      Thread killer = Thread.ofVirtual().start(() -> killAfter(child, millis));
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
    child.toHandle().destroyForcibly();
  }

  private void take(String line) {
    String[] words = line.split(" ", -1);
    // The last line may have been cut; its id cannot have been if a cost follows.
    if (words.length == 3 && words[0].equals("s") && words[2].matches("[0-9]{1,2}")) {
      served.put(words[1], Long.parseLong(words[2]));
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
                PurseCrashChild.class.getName(),
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
