package dev.gatewright.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.key.TestKeys;
import dev.gatewright.ledger.TestPurses;
import dev.gatewright.ledger.purse.Accounts;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Mail;
import dev.gatewright.mail.MailConfig;
import dev.gatewright.mail.MailTls;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.testbed.EachDatabase;
import java.util.Objects;
import java.util.UUID;

/// What is said of wallets that run low, what is owed, and wallets that organizations are born
/// with.
class CreditWatchTest {
  private static final long USD = 1_000_000_000;

  private static final class Stack implements AutoCloseable {
    final TestKeys test;
    final String organization;
    final Mail mail;
    final LowBalance one;
    final LowBalance two;

    Stack(Database database) {
      test = new TestKeys(database);
      organization = test.owner().organizationId();
      MailConfig nobody =
          new MailConfig(
              "127.0.0.1",
              1,
              null,
              null,
              MailTls.NONE,
              Objects.requireNonNull(EmailAddress.parse("gate@example.com")));
      mail = Mail.start(nobody, database, test.time);
      Notices notices =
          Notices.register(
              mail, database, new Consoles("https://gate.example.com", SitesConfig.NONE, () -> ""));
      one = new LowBalance(database, notices, test.time);
      two = new LowBalance(database, notices, test.time);
      database.write(handle -> {
        handle.execute(
            """
            INSERT INTO webhook VALUES (?, 'whk_1', 'https://x.example', '', 'balance', '', '', 0,
              'enabled', 0, 'local', 1, 1)\
            """,
            organization);
        for (String role : new String[] {"owner", "billing", "developer"}) {
          handle.execute(
              """
              INSERT INTO person
                (id, email, email_key, handle, operator, state, version, created_millis)
              VALUES (?, ?, ?, ?, 0, 'active', 1, 1)\
              """,
              "per_" + role,
              role + "@example.com",
              role + "@example.com",
              role);
          handle.execute(
              "INSERT INTO membership VALUES (?, ?, ?, 'console', 1, 1)",
              organization,
              "per_" + role,
              role);
        }
        return 0;
      });
    }

    void give(String kind, long usd) {
      test.database.write(handle -> {
        WalletStore.give(
            handle,
            new WalletStore.Credit(
                organization,
                kind,
                Accounts.CASH,
                "paid",
                usd * USD,
                0,
                kind + ":" + UUID.randomUUID(),
                "",
                "local",
                test.time.millis()));
        return 0;
      });
    }

    void takeBack(long usd) {
      test.database.write(handle -> {
        Debts.takeBack(
            handle,
            organization,
            "dispute",
            Accounts.CASH,
            usd * USD,
            "dispute:" + UUID.randomUUID(),
            "",
            test.time.millis());
        return 0;
      });
    }

    WalletStore.Wallet wallet() {
      return test.database.read(handle -> WalletStore.find(handle, organization).orElseThrow());
    }

    long count(String sql) {
      return test.database.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    long told() {
      return count("SELECT count(*) FROM webhook_event WHERE kind = 'balance.low'");
    }

    void rounds() throws InterruptedException {
      Thread other = Thread.ofPlatform().start(two::round);
      one.round();
      other.join();
    }

    @Override
    public void close() {
      mail.close();
      test.close();
    }
  }

  @EachDatabase
  void low_credit_is_told_once_at_20_and_at_5_percent_over_all_replicas(Database database)
      throws InterruptedException {
    try (Stack stack = new Stack(database)) {
      stack.give("grant", 100);
      stack.takeBack(79);
      stack.rounds();
      assertThat(stack.told()).isZero();
      stack.takeBack(1);
      stack.rounds();
      stack.rounds();
      assertThat(stack.told()).isEqualTo(1);
      stack.takeBack(15);
      stack.rounds();
      stack.rounds();
      assertThat(stack.told()).isEqualTo(2);
      assertThat(stack.count("SELECT count(*) FROM job WHERE kind = 'organization.notice'"))
          .as("owner and billing, twice")
          .isEqualTo(4);
      // Something given back is no new credit; something bought is.
      stack.give("refund", 1);
      stack.takeBack(1);
      stack.rounds();
      assertThat(stack.told()).isEqualTo(2);
      stack.give("topup", 95);
      stack.takeBack(96);
      stack.rounds();
      assertThat(stack.told()).as("below both at once: told once").isEqualTo(3);
      TestPurses.check(database);
    }
  }

  /// money.md §8, Chargeback: money spendable twice.
  @EachDatabase
  void chargeback_beyond_what_is_left_is_owed_and_credit_pays_it_first(Database database) {
    try (Stack stack = new Stack(database)) {
      stack.give("topup", 10);
      stack.takeBack(25);
      assertThat(stack.wallet().room()).isZero();
      assertThat(owed(stack)).isEqualTo(15 * USD);
      stack.give("topup", 5);
      assertThat(stack.wallet().room()).isZero();
      assertThat(owed(stack)).isEqualTo(10 * USD);
      stack.give("grant", 12);
      assertThat(stack.wallet().room()).isEqualTo(2 * USD);
      assertThat(owed(stack)).isZero();
      TestPurses.check(database);
    }
  }

  private static long owed(Stack stack) {
    return stack.test.database.read(handle -> Debts.of(handle, stack.organization));
  }

  @EachDatabase
  void where_credit_is_required_organizations_are_born_with_a_wallet_of_nothing(Database database) {
    try (TestKeys test = new TestKeys(database)) {
      database.write(handle -> {
        handle.execute(
            """
            INSERT INTO organization (id, name, state, platform_credentials, version, created_millis)
            VALUES ('org_older', 'older', 'active', 1, 1, 1)\
            """);
        return 0;
      });
      BornWallets.start(database, test.feed, test.owner().organizationId());
      BornWallets.start(database, test.feed, test.owner().organizationId());
      WalletStore.Wallet older =
          database.read(handle -> WalletStore.find(handle, "org_older").orElseThrow());
      assertThat(older.balance()).isZero();
      boolean owners =
          database.read(
              handle -> WalletStore.find(handle, test.owner().organizationId()).isPresent());
      assertThat(owners).isFalse();
      TestPurses.check(database);
    }
  }
}
