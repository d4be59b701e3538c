package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.job.JobResult;
import dev.gatewright.telemetry.Time;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.server.SMTPServer;

class StartTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;
  private static SSLContext context;

  private final List<String> subjects = new CopyOnWriteArrayList<>();
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private SMTPServer server;

  /// A certificate for the name `localhost` alone, made by the JDK's own tool.
  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("smtp.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -keyalg EC -alias smtp -dname CN=smtp -ext san=dns:localhost"
                        + " -storetype PKCS12 -storepass changeit -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.txt").toFile())
            .start();
    assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("smtp", keys.getCertificate("smtp"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @BeforeEach
  void start() {
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .requireTLS()
            .startTlsSocketFactory(context)
            .messageHandler((session, _, to, _) -> {
              sessions.add(session.getSessionId());
              subjects.add(to);
            })
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private SmtpLine line(String host, @Nullable SSLSocketFactory trust) {
    MailConfig config = Letterbox.config(host, server.getPortAllocated(), MailTls.STARTTLS);
    return new SmtpLine(config, Time.system(), trust);
  }

  private static JobResult send(SmtpLine line) {
    return line.send(new Letter(Letterbox.TO, "subject", "body"), "job_1");
  }

  @Test
  void mails_go_through_starttls_on_one_connection() {
    try (SmtpLine line = line("localhost", context.getSocketFactory())) {
      for (int i = 0; i < 3; i++) {
        assertThat(send(line)).isEqualTo(new JobResult.Done());
      }
    }
    assertThat(subjects).containsExactly("ana@x.test", "ana@x.test", "ana@x.test");
    assertThat(sessions).hasSize(1);
  }

  @Test
  void a_certificate_nobody_trusts_or_of_another_name_gets_no_mail() {
    JobResult refused = new JobResult.Again("no TLS with the server (certificate or protocol)");
    try (SmtpLine untrusted = line("localhost", null);
        SmtpLine otherName = line("127.0.0.1", context.getSocketFactory())) {
      assertThat(send(untrusted)).isEqualTo(refused);
      assertThat(send(otherName)).isEqualTo(refused);
    }
    assertThat(subjects).isEmpty();
  }
}
