package dev.gatewright.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` under load, again and again: nothing lost, nothing doubled, nothing below zero, and no
/// reservation left. `-Dkill.seed=…` begins with that seed.
class KillLoopTest {
  private static final int CYCLES_OF_A_WORLD = 50;

  @TempDir Path folder;

  @Test
  void twenty_kills_lose_nothing_and_double_nothing() throws Exception {
    long seed = Long.getLong("kill.seed", new Random().nextLong());
    System.out.println("kill.seed " + seed);
    try (KillWorld postgres = KillWorld.postgres(folder.resolve("postgres"), seed)) {
      postgres.cycles(5).replicas(3).cycles(5);
      // Meanwhile the leases of those that died run out.
      try (KillWorld sqlite = KillWorld.sqlite(folder.resolve("sqlite"), seed)) {
        System.out.println("SQLite: " + sqlite.cycles(10).check());
      }
      System.out.println("PostgreSQL: " + postgres.check());
    }
  }

  /// `-Dkill.cycles=1000` of them, on `-Dkill.store=sqlite|postgres|replicas`. They go world by
  /// world, each with a seed of its own; how far they came stands in `-Dkill.state=FILE`, and the
  /// same command goes on from there.
  @Test
  @Tag("long")
  void so_do_as_many_as_are_asked_for() throws Exception {
    Path state = Path.of(System.getProperty("kill.state", "target/kill-loop.properties"));
    String store = System.getProperty("kill.store", "sqlite");
    int wanted = Integer.getInteger("kill.cycles", CYCLES_OF_A_WORLD);
    Properties done = read(state);
    long seed = Long.getLong("kill.seed", Long.parseLong(done.getProperty("seed", "1")));
    done.setProperty("seed", Long.toString(seed));
    while (cycles(done, store) < wanted) {
      int before = cycles(done, store);
      int these = Math.min(CYCLES_OF_A_WORLD, wanted - before);
      String what =
          "-Dkill.store=%s -Dkill.seed=%d, after %d cycles".formatted(store, seed, before);
      try (KillWorld world = world(store, folder.resolve(store + before), seed + before)) {
        String seen = world.cycles(these).check();
        System.out.printf("%s: %d of %d cycles; %s%n", store, before + these, wanted, seen);
      } catch (AssertionError | Exception e) {
        throw new AssertionError(what, e);
      }
      GateWorld.delete(folder.resolve(store + before));
      done.setProperty(store, Integer.toString(before + these));
      write(state, done);
    }
  }

  private static int cycles(Properties done, String store) {
    return Integer.parseInt(done.getProperty(store, "0"));
  }

  private static KillWorld world(String store, Path folder, long seed) throws Exception {
    return switch (store) {
      case "sqlite" -> KillWorld.sqlite(folder, seed);
      case "postgres" -> KillWorld.postgres(folder, seed);
      case "replicas" -> KillWorld.postgres(folder, seed).replicas(3);
      default ->
          throw new IllegalArgumentException(
              "kill.store: %s (expected: sqlite, postgres or replicas)".formatted(store));
    };
  }

  private static Properties read(Path state) throws IOException {
    Properties done = new Properties();
    if (Files.exists(state)) {
      try (InputStream in = Files.newInputStream(state)) {
        done.load(in);
      }
    }
    return done;
  }

  private static void write(Path state, Properties done) throws IOException {
    try (OutputStream out = Files.newOutputStream(state)) {
      done.store(out, "cycles done, by store");
    }
  }
}
