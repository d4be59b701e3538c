package dev.gatewright.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.edge.site.SitesConfig;
import dev.gatewright.key.TestKeys;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Mail;
import dev.gatewright.mail.MailConfig;
import dev.gatewright.mail.MailTls;
import dev.gatewright.store.Database;
import dev.gatewright.tenant.TenantWrites;
import dev.gatewright.tenant.notice.Notices;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/// A payment that is told by the provider while the one who began it still writes down its page.
class PaymentRaceTest {
  private static final long USD = 1_000_000_000;

  @EachDatabase
  void what_came_by_the_other_way_stands(Database database) throws Exception {
    try (TestKeys test = new TestKeys(database);
        Mail mail = Mail.start(nobody(), database, test.time)) {
      Notices notices =
          Notices.register(
              mail, database, new Consoles("https://gate.example.com", SitesConfig.NONE, () -> ""));
      TenantWrites writes = new TenantWrites(database, test.feed, test.keys.audit(), test.time);
      Payments payments = new Payments(writes, notices);
      String organization = test.owner().organizationId();
      Topup begun = payments.made(organization, Topup.PAGE, 5 * USD, "local", 0);
      database.write(handle -> TopupStore.insert(handle, begun));
      Thread page =
          Thread.ofVirtual().unstarted(() -> payments.update(begun.in(Topup.OPEN, "", "", 1)));
      // The provider's word is written and not yet committed when the page is written down.
      database.write(handle -> {
        writes.lock(handle, test.owner());
        TopupStore.update(handle, begun.in(Topup.PAID, "pi_1", "", 0).taken(USD, 0));
        page.start();
        if (database.kind() == Database.Kind.POSTGRES) {
          Await.until(() -> waiting(handle) > 0);
        }
        return 0;
      });
      page.join();

      Topup after = payments.find(organization, begun.id()).orElseThrow();
      assertThat(after.state()).isEqualTo(Topup.PAID);
      assertThat(after.intentId()).isEqualTo("pi_1");
      assertThat(after.refunded()).isEqualTo(USD);
    }
  }

  private static int waiting(Handle handle) {
    return handle
        .createQuery("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
        .mapTo(Integer.class)
        .one();
  }

  private static MailConfig nobody() {
    return new MailConfig(
        "127.0.0.1",
        1,
        null,
        null,
        MailTls.NONE,
        Objects.requireNonNull(EmailAddress.parse("gate@example.com")));
  }
}
