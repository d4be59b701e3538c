package dev.gatewright.usage;

import dev.gatewright.job.Rounds;
import dev.gatewright.ledger.projection.RollupStep;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.usage.UsageFoldStore.Changed;
import dev.gatewright.usage.UsageFoldStore.Reach;
import dev.gatewright.usage.UsageFoldStore.Whose;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Makes coarse sums of the fine ones, an hour of an organization at a time, when it is over and
/// again when it changes later; and those of the time before it began to, the newest first. Calls
/// pay nothing for it. Any replica may do it; whatever version writes the fine sums, the store
/// notes which hours change ([UsageFoldStore]). Thread-safe.
public final class UsageFold implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /// An hour is over so much after its end: most calls have ended and are counted by then.
  private static final Duration AFTER = Duration.ofMinutes(5);

  /// From so many sums of an hour on, an organization's are folded: 90 days of fewer are summed as
  /// quickly as they are.
  static final int FINE_MIN = 50;

  /// Hours of one look, and older hours of an organization between two.
  private static final int HOURS_MAX = 200;

  private static final int PAGE_ORGANIZATIONS = 100;
  private static final long HOUR_MILLIS = 3_600_000;

  private final Database database;
  private final Time time;
  private final int fineMin;
  private final Rounds rounds = new Rounds();

  /// @param fineMin see [#FINE_MIN]
  UsageFold(Database database, Time time, int fineMin) {
    this.database = database;
    this.time = time;
    this.fineMin = fineMin;
  }

  public static UsageFold start(Database database, Time time) {
    UsageFold fold = new UsageFold(database, time, FINE_MIN);
    fold.rounds.start("usage-fold", PAUSE, "usage could not be summed more coarsely", fold::rest);
    return fold;
  }

  /// All that is over by now.
  private void rest() throws InterruptedException {
    boolean more;
    do {
      more = round();
    } while (more);
  }

  /// Folds what is over by now, in the calling thread.
  public static void now(Database database, Time time) throws InterruptedException {
    try (UsageFold fold = new UsageFold(database, time, FINE_MIN)) {
      fold.rest();
    }
  }

  /// @return whether there is more to do at once
  boolean round() throws InterruptedException {
    long until = RollupStep.HOUR.floor(time.millis() - AFTER.toMillis());
    List<Changed> changed =
        database.read(handle -> UsageFoldStore.changed(handle, until, HOURS_MAX));
    Set<Whose> whose = new LinkedHashSet<>();
    for (Changed each : changed) {
      whose.add(each.whose());
      if (breathed(() -> database.write(handle -> again(handle, each, until)))) {
        return false;
      }
    }
    for (Whose each : whose) {
      database.write(handle -> on(handle, each, until));
    }
    return older() || changed.size() == HOURS_MAX;
  }

  /// On to where no hour is left that has changed.
  private static boolean on(Handle handle, Whose whose, long untilMillis) {
    long from = UsageFoldStore.locked(handle, whose).map(Reach::untilMillis).orElse(Long.MAX_VALUE);
    if (from < untilMillis && UsageFoldStore.changed(handle, whose, from, untilMillis).isEmpty()) {
      UsageFoldStore.until(handle, whose, untilMillis);
    }
    return true;
  }

  private boolean again(Handle handle, Changed changed, long untilMillis) {
    Whose whose = changed.whose();
    long hour = changed.hourMillis();
    Optional<Reach> reach = UsageFoldStore.locked(handle, whose);
    if (reach.isEmpty()) {
      if (UsageFoldStore.fineSums(handle, whose, hour, fineMin) >= fineMin) {
        // All that was forgotten so far, by whichever replica's clock, is older then.
        OptionalLong latest = UsageFoldStore.before(handle, whose, Long.MAX_VALUE);
        UsageFoldStore.begin(handle, whose, latest.orElse(hour) + HOUR_MILLIS);
      }
      UsageFoldStore.unchanged(handle, whose, hour);
      return true;
    }
    UsageFoldStore.unchanged(handle, whose, hour);
    if (hour >= reach.get().sinceMillis()) {
      long last = RollupStep.DAY.ceiling(hour + 1) - HOUR_MILLIS;
      boolean over = last < untilMillis;
      fold(handle, whose, hour, over);
      if (!over) {
        UsageFoldStore.change(handle, whose, last);
      }
    }
    return true;
  }

  private static void fold(Handle handle, Whose whose, long hour, boolean withDay) {
    UsageFoldStore.foldHour(handle, whose, hour);
    if (withDay) {
      UsageFoldStore.foldDay(handle, whose, RollupStep.DAY.floor(hour));
    }
  }

  /// @return whether there are older hours still
  private boolean older() throws InterruptedException {
    boolean more = false;
    String after = "";
    List<Whose> page;
    do {
      String from = after;
      page = database.read(handle -> UsageFoldStore.unfinished(handle, from, PAGE_ORGANIZATIONS));
      for (Whose each : page) {
        after = each.organizationId();
        boolean rest = true;
        for (int hours = 0; rest && hours < HOURS_MAX; hours++) {
          boolean[] left = new boolean[1];
          if (breathed(() -> left[0] = database.write(handle -> older(handle, each)))) {
            return false;
          }
          rest = left[0];
        }
        more |= rest;
      }
    } while (page.size() >= PAGE_ORGANIZATIONS);
    return more;
  }

  /// @return whether there may be an older hour
  private static boolean older(Handle handle, Whose whose) {
    Reach reach = UsageFoldStore.locked(handle, whose).orElse(new Reach(0, 0));
    OptionalLong hour =
        reach.sinceMillis() == 0
            ? OptionalLong.empty()
            : UsageFoldStore.before(handle, whose, reach.sinceMillis());
    if (hour.isEmpty()) {
      UsageFoldStore.since(handle, whose, 0);
      return false;
    }
    long at = hour.getAsLong();
    UsageFoldStore.unchanged(handle, whose, at);
    // Without calls between them, the hours before it are as they should be.
    OptionalLong before = UsageFoldStore.before(handle, whose, at);
    long since = before.isEmpty() ? 0 : before.getAsLong() + HOUR_MILLIS;
    fold(handle, whose, at, since <= RollupStep.DAY.floor(at));
    UsageFoldStore.since(handle, whose, since);
    return before.isPresent();
  }

  /// Leaves the store to others for as long as it had it.
  ///
  /// @return whether all is to end
  private boolean breathed(Runnable work) throws InterruptedException {
    long began = time.nanos();
    work.run();
    return rounds.ended(Duration.ofNanos(Math.max(1_000_000, time.nanos() - began)));
  }

  @Override
  public void close() {
    rounds.close();
  }
}
