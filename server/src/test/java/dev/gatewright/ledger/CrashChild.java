package dev.gatewright.ledger;

import dev.gatewright.ledger.projection.Projector.FailPoint;
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

/// A process that records attempts until it is killed, and says what it was promised: `o <id>` when
/// an opening is durable, `c <id>` before a close is handed in.
final class CrashChild {
  private final Random random;
  private final Attempts attempts;
  private final EventLoop loop = new DefaultEventLoop();

  private CrashChild(long seed, Attempts attempts) {
    this.random = new Random(seed);
    this.attempts = attempts;
  }

  /// Arguments: data folder, seed, and on PostgreSQL its address.
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    StoreConfig config =
        arguments.length < 3
            ? StoreConfig.sqlite(folder)
            : new StoreConfig(folder, PostgresAddress.parse(Secret.of(arguments[2])), 4);
    Database database = Stores.open(config, Time.system());
    Ledger ledger = Ledger.start(database, Time.system(), TestAttempts.FAST, FailPoint.NONE);
    CrashChild child = new CrashChild(Long.parseLong(arguments[1]), ledger.attempts());
    child.loop.scheduleAtFixedRate(child::some, 0, 1, TimeUnit.MILLISECONDS);
  }

  /// Calls begin in bunches and last from nothing to a second; some never end.
  private void some() {
    int calls = random.nextInt(8);
    for (int i = 0; i < calls; i++) {
      call(random.nextInt(10) == 0 ? -1 : random.nextInt(40) * random.nextInt(25));
    }
  }

  private void call(int lastsMillis) {
    Attempt[] attempt = new Attempt[1];
    attempt[0] =
        attempts.open(
            TestAttempts.opening("req_" + random.nextLong()),
            loop,
            cause -> {
              if (cause == null) {
                System.out.println("o " + attempt[0].id());
                if (lastsMillis >= 0) {
                  loop.schedule(() -> end(attempt[0]), lastsMillis, TimeUnit.MILLISECONDS);
                }
              }
            });
  }

  private void end(Attempt attempt) {
    System.out.println("c " + attempt.id());
    attempts.close(attempt, TestAttempts.outcome(9));
  }
}
