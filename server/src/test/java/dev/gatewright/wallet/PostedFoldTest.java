package dev.gatewright.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.ledger.purse.Transfer;
import dev.gatewright.ledger.purse.TransferStore;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.wallet.WalletReads.Posted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// What statements read is what the transfers say, whatever of them is summed up already.
class PostedFoldTest {
  private static final long BEGIN_MILLIS = Instant.parse("2026-01-20T00:00:00Z").toEpochMilli();
  private static final long QUARTER_MILLIS = 900_000;
  private static final long LENGTH_MILLIS = 200 * 86_400_000L;
  private static final List<String> KINDS = List.of("grant", "usage", "expiry");

  private final List<Transfer> made = new ArrayList<>();

  private void post(Database database, Random random, int count) {
    for (int i = 0; i < count; i++) {
      String organization = "org_" + random.nextInt(2);
      String kind = KINDS.get(random.nextInt(3));
      String wallet = Accounts.wallet(organization);
      boolean given = kind.equals("grant");
      Transfer transfer =
          new Transfer(
              organization,
              kind,
              given ? Accounts.PROMOTION : random.nextInt(9) == 0 ? Accounts.CASH : wallet,
              given ? wallet : Accounts.REVENUE,
              1 + random.nextInt(1_000_000),
              "ref:" + made.size(),
              "",
              "test",
              // A replica's clock may be behind another's.
              BEGIN_MILLIS + random.nextLong(LENGTH_MILLIS));
      database.write(handle -> {
        TransferStore.post(handle, List.of(transfer));
        return true;
      });
      made.add(transfer);
    }
  }

  private void check(Database database, Random random, long seed) {
    for (int round = 0; round < 20; round++) {
      String organization = "org_" + random.nextInt(2);
      long from = quarter(random);
      long to = from + random.nextInt(5_000) * QUARTER_MILLIS;
      List<Posted> posted =
          database.read(handle -> PostedStore.posted(handle, organization, from, to));
      Map<String, Long> sums = new TreeMap<>();
      posted.forEach(
          each -> sums.merge(each.kind() + " " + each.fromMillis(), each.nano(), Long::sum));
      Map<String, Long> expected = new TreeMap<>();
      long before = 0;
      for (Transfer one : made) {
        if (!one.organizationId().equals(organization)) {
          continue;
        }
        String wallet = Accounts.wallet(organization);
        long change =
            one.credit().equals(wallet) ? one.nano() : one.debit().equals(wallet) ? -one.nano() : 0;
        before += one.atMillis() < from ? change : 0;
        if (one.atMillis() >= from && one.atMillis() < to) {
          long quarter = one.atMillis() / QUARTER_MILLIS * QUARTER_MILLIS;
          expected.merge(one.kind() + " " + quarter, change, Long::sum);
        }
      }
      assertThat(sums).as("seed %d", seed).isEqualTo(expected);
      assertThat(database.<Long>read(handle -> PostedStore.balanceAt(handle, organization, from)))
          .as("seed %d", seed)
          .isEqualTo(before);
    }
  }

  private static long quarter(Random random) {
    return BEGIN_MILLIS + random.nextLong(LENGTH_MILLIS / QUARTER_MILLIS) * QUARTER_MILLIS;
  }

  @EachDatabase
  void statements_read_what_transfers_say(Database database) throws InterruptedException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (PostedFold fold = new PostedFold(database, 20)) {
      post(database, random, 50);
      check(database, random, seed);
      fold.round();
      check(database, random, seed);
      post(database, random, 30);
      check(database, random, seed);
      // Only some of them: whoever ends between two batches has the rest left.
      database.write(handle -> PostedStore.fold(handle, "org_0", 3));
      check(database, random, seed);
      fold.round();
      fold.round();
      check(database, random, seed);
    }
    assertThat(database.<List<String>>read(handle -> PostedStore.due(handle, 20, 100))).isEmpty();
    assertThat(
            database.<Long>read(handle ->
                handle
                    .createQuery(
                        """
                        SELECT CAST(SUM(CASE step_minutes WHEN 15 THEN nano ELSE -nano END) AS BIGINT)
                        FROM wallet_posted\
                        """)
                    .mapTo(Long.class)
                    .one()))
        .isZero();
  }
}
