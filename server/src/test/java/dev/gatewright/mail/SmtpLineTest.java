package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatewright.job.JobResult;
import dev.gatewright.telemetry.Time;
import jakarta.mail.Header;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SmtpLineTest {
  private final GreenMail server = new GreenMail(ServerSetup.SMTP.dynamicPort());

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private SmtpLine line(MailTls tls) {
    return line(Letterbox.config("localhost", server.getSmtp().getPort(), tls));
  }

  private static SmtpLine line(MailConfig config) {
    return new SmtpLine(config, Time.system(), null);
  }

  private static JobResult send(SmtpLine line, String id) {
    return line.send(new Letter(Letterbox.TO, "Grüße", "Zeile eins\n\n.\nzwei ✓\n"), id);
  }

  @Test
  void a_mail_arrives_as_plain_text_in_utf_8_and_names_nothing_of_this_machine() throws Exception {
    try (SmtpLine line = line(MailTls.NONE)) {
      assertThat(send(line, "job_1")).isEqualTo(new JobResult.Done());
      assertThat(line.problem()).isNull();
    }
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("Grüße");
    assertThat(mail.getContentType().toLowerCase(Locale.ROOT))
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(((String) mail.getContent()).strip()).isEqualTo("Zeile eins\r\n\r\n.\r\nzwei ✓");
    assertThat(mail.getMessageID()).isEqualTo("<job_1@gate.test>");
    List<Header> headers = Collections.list(mail.getAllHeaders());
    assertThat(headers)
        .extracting(Header::getName)
        .contains("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")
        .doesNotContain("Cc", "Bcc", "X-Mailer");
    String host = InetAddress.getLocalHost().getHostName();
    assertThat(headers)
        .filteredOn(header -> !header.getName().equals("Received"))
        .extracting(Header::getValue)
        .noneMatch(value -> value.contains(host));
  }

  /// 9
  @Test
  void organization_name_never_becomes_header() throws Exception {
    List<String> names =
        List.of(
            "x\r\nBcc: eve@evil.test",
            "x\nBcc: eve@evil.test\n\nbody",
            "x\rBcc: eve@evil.test",
            "=?utf-8?q?x=0D=0ABcc:_eve@evil.test?=",
            "ä".repeat(70) + "\u2028Bcc: eve@evil.test");
    try (SmtpLine line = line(MailTls.NONE)) {
      for (String name : names) {
        Letter letter =
            Letters.invitation(
                Letterbox.TO, name, "viewer", "gate.test", "https://gate.test/#t", 7);
        assertThat(line.send(letter, "job_1")).isEqualTo(new JobResult.Done());
      }
    }
    MimeMessage[] mails = server.getReceivedMessages();
    assertThat(mails).hasSize(names.size());
    for (MimeMessage mail : mails) {
      assertThat(mail.getHeader("Bcc")).isNull();
      assertThat(mail.getAllRecipients()).hasSize(1);
      assertThat(mail.getHeader("Subject")).hasSize(1);
    }
  }

  /// 10
  @Test
  void smtp_without_starttls_refused_when_required() {
    try (SmtpLine line = line(MailTls.STARTTLS)) {
      assertThat(send(line, "job_1"))
          .isEqualTo(new JobResult.Again("the server offers no STARTTLS"));
      assertThat(line.problem()).isEqualTo("mail cannot be sent: the server offers no STARTTLS");
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void a_server_without_tls_gets_nothing_when_tls_is_implicit() {
    try (SmtpLine line = line(MailTls.IMPLICIT)) {
      assertThat(send(line, "job_1"))
          .isEqualTo(new JobResult.Again("no TLS with the server (certificate or protocol)"));
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void a_wrong_password_is_the_servers_problem_and_not_the_mails() {
    server.setUser("gate@gate.test", "gate", "right");
    int port = server.getSmtp().getPort();
    try (SmtpLine wrong = line(Letterbox.config(port, "gate", "canary"));
        SmtpLine right = line(Letterbox.config(port, "gate", "right"))) {
      assertThat(send(wrong, "job_1"))
          .isEqualTo(new JobResult.Again("the server refused mail.user and mail.password"));
      assertThat(wrong.problem()).doesNotContain("canary");
      assertThat(send(right, "job_2")).isEqualTo(new JobResult.Done());
    }
  }

  @Test
  void a_server_that_was_restarted_gets_the_next_mail() throws Exception {
    int port = server.getSmtp().getPort();
    GreenMail second = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    try (SmtpLine line = line(MailTls.NONE)) {
      assertThat(send(line, "job_1")).isEqualTo(new JobResult.Done());
      server.stop();
      assertThat(send(line, "job_2"))
          .isEqualTo(new JobResult.Again("the server cannot be reached"));
      assertThat(line.problem()).contains("cannot be reached");
      second.start();
      assertThat(send(line, "job_2")).isEqualTo(new JobResult.Done());
      assertThat(line.problem()).isNull();
    } finally {
      second.stop();
    }
  }

  @Test
  void a_server_has_ten_seconds_for_an_answer() {
    assertThat(SmtpLine.READ_MAX).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void a_silent_server_ends_at_its_limit() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SmtpLine line =
            new SmtpLine(
                Letterbox.config("127.0.0.1", silent.getLocalPort(), MailTls.NONE),
                Time.system(),
                null,
                Duration.ofSeconds(1))) {
      long start = System.nanoTime();
      assertThat(send(line, "job_1"))
          .isEqualTo(new JobResult.Again("the server did not answer in time"));
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(millis).isBetween(900L, 10_000L);
      assertThat(Objects.requireNonNull(line.problem())).contains("did not answer in time");
    }
  }
}
