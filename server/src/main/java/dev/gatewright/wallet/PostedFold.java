package dev.gatewright.wallet;

import dev.gatewright.job.Rounds;
import dev.gatewright.store.Database;
import java.time.Duration;

/// Sums up transfers for statements once a minute, where they have become many; a statement is as
/// exact without it. Any replica may do it, whatever version the others are. Thread-safe.
public final class PostedFold implements AutoCloseable {

  /// Transfers that a statement reads one by one.
  private static final int UNFOLDED = 1_000;

  /// Transfers of one transaction, and the pause after it.
  private static final int BATCH = 2_000;

  private static final Duration BREATH = Duration.ofMillis(20);
  private static final int ORGANIZATIONS_MAX = 100;

  private final Database database;
  private final int unfolded;
  private final Rounds rounds = new Rounds();

  /// @param unfolded see [#UNFOLDED]
  PostedFold(Database database, int unfolded) {
    this.database = database;
    this.unfolded = unfolded;
  }

  public static PostedFold start(Database database) {
    PostedFold fold = new PostedFold(database, UNFOLDED);
    fold.rounds.start(
        "credit-sums",
        Duration.ofMinutes(1),
        "transfers could not be summed up for statements",
        fold::round);
    return fold;
  }

  void round() throws InterruptedException {
    boolean more;
    do {
      more = false;
      for (String organization :
          database.read(handle -> PostedStore.due(handle, unfolded, ORGANIZATIONS_MAX))) {
        more |= database.write(handle -> PostedStore.fold(handle, organization, BATCH));
        if (rounds.ended(BREATH)) {
          return;
        }
      }
    } while (more);
  }

  @Override
  public void close() {
    rounds.close();
  }
}
