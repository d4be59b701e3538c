package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.job.Added;
import dev.gatewright.job.FailedJob;
import dev.gatewright.job.JobFigures;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.helper.BasicMessageListener;
import org.subethamail.smtp.server.SMTPServer;

class MailTest {
  private static final String CODE = "7K3MPQ2X";

  private final List<String> received = new CopyOnWriteArrayList<>();

  private static SMTPServer server(BasicMessageListener listener) {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandler(listener)
            .build();
    server.start();
    return server;
  }

  private static Letterbox letterbox(Database database, SMTPServer server) {
    Letterbox box =
        new Letterbox(
            database, Letterbox.config("localhost", server.getPortAllocated(), MailTls.NONE));
    box.mail.register(
        "test",
        job ->
            job.payload().contains("withdrawn")
                ? null
                : Letters.code(Letterbox.TO, CODE, "gate.test", "Firefox", 10));
    return box;
  }

  private void keep(byte[] data) {
    received.add(new String(data, StandardCharsets.UTF_8));
  }

  /// 12
  @EachDatabase
  void database_dump_yields_no_code(TestStore store) throws Exception {
    Database database = store.database();
    SMTPServer server = server((_, _, _, data) -> keep(data));
    try (Letterbox box = letterbox(database, server)) {
      box.promise("{\"flow\":\"flow_canary\"}");
      Await.until(() -> box.mail.figures().done() == 1);
      assertThat(received).singleElement().satisfies(mail -> assertThat(mail).contains(CODE));
      List<String> rows =
          database.read(handle ->
              handle.createQuery("SELECT * FROM job").mapToMap().stream()
                  .map(Object::toString)
                  .toList());
      assertThat(rows)
          .singleElement()
          .satisfies(row -> {
            assertThat(row).contains("flow_canary");
            assertThat(row).doesNotContain(CODE).doesNotContain("ana@x.test");
          });
      assertThat(files(store)).noneMatch(bytes -> bytes.contains(CODE));
    } finally {
      server.stop();
    }
  }

  private static List<String> files(TestStore store) throws IOException {
    try (Stream<Path> all = Files.walk(store.config().dataFolder())) {
      return all.filter(Files::isRegularFile).map(MailTest::latin).toList();
    }
  }

  private static String latin(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  @EachDatabase
  void a_server_that_is_busy_gets_the_mail_once_it_takes_it(Database database) throws Exception {
    SMTPServer server =
        server((_, _, _, data) -> {
          keep(data);
          if (received.size() == 1) {
            throw new RejectException(451, "busy with ana@x.test");
          }
        });
    try (Letterbox box = letterbox(database, server)) {
      box.promise("{}");
      Await.until(
          "the second attempt", Duration.ofSeconds(30), () -> box.mail.figures().done() == 1);
      assertThat(received).hasSize(2);
      assertThat(box.mail.failed(Letterbox.ORGANIZATION, 10)).isEmpty();
      assertThat(box.mail.problem()).isNull();
    } finally {
      server.stop();
    }
  }

  @EachDatabase
  void a_mail_that_is_refused_for_good_has_failed_and_says_so(Database database) {
    SMTPServer server =
        server((_, _, _, _) -> {
          throw new RejectException(550, "no such user ana@x.test " + CODE);
        });
    try (Letterbox box = letterbox(database, server)) {
      box.promise("{}");
      box.promise("{\"withdrawn\":true}");
      Await.until(() -> box.mail.figures().failed() == 1);
      assertThat(box.mail.failed(Letterbox.ORGANIZATION, 10))
          .extracting(FailedJob::problem)
          .containsExactly("the server refused the mail with 550");
      assertThat(box.mail.figures().done()).isZero();
      assertThat(box.mail.problem()).isNull();
    } finally {
      server.stop();
    }
  }

  @EachDatabase
  void without_the_setting_nothing_is_promised_and_nothing_runs(Database database) {
    try (Mail mail = Mail.start(null, database, Time.system())) {
      mail.register("test", _ -> null);
      Added added =
          database.write(handle -> mail.add(handle, Letterbox.ORGANIZATION, "test", "{}", 1));
      assertThat(added)
          .isEqualTo(new Added.Refused("mail is not set up (expected: the setting mail)"));
      assertThat(mail.isOn()).isFalse();
      assertThat(mail.figures()).isEqualTo(JobFigures.NONE);
    }
  }
}
