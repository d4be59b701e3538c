package dev.gatewright.ledger;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.store.PostgresAddress;
import dev.gatewright.store.StoreConfig;
import dev.gatewright.store.Stores;
import dev.gatewright.telemetry.Time;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A process whose calls are paid from two wallets, until it is killed; it is its own teller, and
/// says `s <id> <cost>` of each call it serves, once the reservation is durable and before the
/// close is handed in.
final class PurseCrashChild {
  private final Random random;
  private final Ledger ledger;
  private final EventLoop loop = new DefaultEventLoop();

  private PurseCrashChild(long seed, Ledger ledger) {
    this.random = new Random(seed);
    this.ledger = ledger;
  }

  /// Arguments: data folder, seed, and on PostgreSQL its address.
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    StoreConfig config =
        arguments.length < 3
            ? StoreConfig.sqlite(folder)
            : new StoreConfig(folder, PostgresAddress.parse(Secret.of(arguments[2])), 4);
    Database database = Stores.open(config, Time.system());
    PurseCrashChild child =
        new PurseCrashChild(Long.parseLong(arguments[1]), TestPurses.start(database));
    child.loop.scheduleAtFixedRate(child::some, 0, 1, TimeUnit.MILLISECONDS);
  }

  private void some() {
    for (int calls = random.nextInt(6); calls > 0; calls--) {
      call(random.nextInt(10) == 0 ? -1 : random.nextInt(20) * random.nextInt(20));
    }
  }

  private void call(int lastsMillis) {
    Hold wallet = new Hold("wal_" + (1 + random.nextInt(2)), 40 * TestPurses.TOKEN);
    Hold budget = new Hold("bud_1@0", 40 * TestPurses.TOKEN);
    Charge charge =
        random.nextInt(3) == 0 ? TestPurses.charge(wallet, budget) : TestPurses.charge(wallet);
    long tokens = random.nextInt(41);
    Attempt[] attempt = new Attempt[1];
    attempt[0] =
        ledger
            .attempts()
            .open(
                TestAttempts.opening("req_" + random.nextLong()).with(charge),
                loop,
                cause -> {
                  if (cause == null && lastsMillis >= 0) {
                    loop.schedule(
                        () -> serve(attempt[0], tokens), lastsMillis, TimeUnit.MILLISECONDS);
                  }
                });
  }

  private void serve(Attempt attempt, long tokens) {
    System.out.println("s " + attempt.id() + " " + tokens);
    ledger.attempts().close(attempt, TestAttempts.outcome(tokens));
  }
}
