package dev.gatewright.tenant.team;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Role;
import dev.gatewright.mail.EmailAddress;
import dev.gatewright.mail.Mail;
import dev.gatewright.mail.MailConfig;
import dev.gatewright.mail.MailTls;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.tenant.TenantStack;
import dev.gatewright.tenant.TenantStack.Answer;
import dev.gatewright.tenant.TenantStack.Caller;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.server.SMTPServer;

/// What people get by mail, from a real mail server on this machine.
class TeamMailsTest {
  private static final String PATH = "/api/team/invitations";

  private final List<String> received = new CopyOnWriteArrayList<>();

  private interface Doing {
    void with(TenantStack stack) throws Exception;
  }

  private void run(Database database, Doing doing) throws Exception {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler((_, _, to, data) ->
                received.add(to + "\n" + new String(data, StandardCharsets.UTF_8)))
            .build();
    server.start();
    MailConfig config =
        new MailConfig(
            "localhost",
            server.getPortAllocated(),
            null,
            null,
            MailTls.NONE,
            Objects.requireNonNull(EmailAddress.parse("gate@gate.test")));
    try (Mail mail = Mail.start(config, database, Time.system());
        TenantStack stack = new TenantStack(database, false, mail)) {
      doing.with(stack);
    } finally {
      server.stop();
    }
  }

  @EachDatabase
  void the_link_in_the_mail_is_the_one_shown_and_no_row_holds_it(Database database)
      throws Exception {
    run(
        database,
        stack -> {
          String org = stack.organization("Acme");
          Caller owner = stack.member(org, Role.OWNER, "own@x.test");
          Answer made = owner.post(PATH, "{\"email\":\"bo@x.test\",\"role\":\"viewer\"}");
          assertThat(made.body().at("/mailed").asBoolean()).isTrue();
          Await.until(() -> received.size() == 1);
          assertThat(received.getFirst())
              .startsWith("bo@x.test\n")
              .contains("Acme", "gate.test", "viewer", made.text("/link"));
          String token = made.text("/link").substring(made.text("/link").indexOf('#') + 1);
          assertThat(TestJobsStore.rows(database).toString()).doesNotContain(token, "bo@x.test");
        });
  }

  @EachDatabase
  void owners_hear_of_a_new_owner(Database database) throws Exception {
    run(
        database,
        stack -> {
          String org = stack.organization("Acme");
          Caller owner = stack.member(org, Role.OWNER, "own@x.test");
          Caller admin = stack.member(org, Role.ADMIN, "adm@x.test");
          String to = "{\"person_id\":\"%s\"}".formatted(admin.id);
          assertThat(owner.post("/api/organizations/" + org + "/transfer", to).status())
              .isEqualTo(200);
          Await.until(() -> received.size() == 2);
          assertThat(received).anyMatch(mail -> mail.startsWith("own@x.test\n"));
          assertThat(received).anyMatch(mail -> mail.startsWith("adm@x.test\n"));
          assertThat(received)
              .allMatch(mail -> mail.contains("adm@x.test is the owner now; own@x.test handed"));
        });
  }
}
