package dev.gatewright.mail;

import dev.gatewright.job.JobResult;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One connection to the mail server, opened at the first mail and kept for the next ones. Used by
/// one thread at a time.
///
/// What is told of a failure is ours, never the server's text: that may repeat what was sent.
final class SmtpLine implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  static final Duration READ_MAX = Duration.ofSeconds(10);
  private static final Duration WRITE_MAX = Duration.ofSeconds(10);

  private final MailConfig config;
  private final Time time;
  private final Session session;
  private @Nullable Transport transport;
  private volatile @Nullable String problem;

  /// @param trust makes TLS of the connection; null = as Java does by default
  SmtpLine(MailConfig config, Time time, @Nullable SSLSocketFactory trust) {
    this(config, time, trust, READ_MAX);
  }

  /// @param readMax how long the server may take for an answer
  SmtpLine(MailConfig config, Time time, @Nullable SSLSocketFactory trust, Duration readMax) {
    this.config = config;
    this.time = time;
    Properties properties = properties(config, readMax);
    if (trust != null) {
      properties.put("mail.smtp.ssl.socketFactory", trust);
      properties.put("mail.smtps.ssl.socketFactory", trust);
    }
    this.session = Session.getInstance(properties);
  }

  private static Properties properties(MailConfig config, Duration readMax) {
    boolean implicit = config.tls() == MailTls.IMPLICIT;
    String protocol = implicit ? "smtps" : "smtp";
    String at = "mail." + protocol + ".";
    Properties all = new Properties();
    all.setProperty("mail.transport.protocol", protocol);
    all.setProperty(at + "connectiontimeout", millis(CONNECT_MAX));
    all.setProperty(at + "timeout", millis(readMax));
    all.setProperty(at + "writetimeout", millis(WRITE_MAX));
    all.setProperty(at + "ssl.checkserveridentity", "true");
    all.setProperty(at + "ssl.protocols", "TLSv1.2 TLSv1.3");
    boolean startTls = config.tls() == MailTls.STARTTLS;
    all.setProperty(at + "starttls.enable", Boolean.toString(startTls));
    all.setProperty(at + "starttls.required", Boolean.toString(startTls));
    all.setProperty(at + "auth", Boolean.toString(config.user() != null));
    all.setProperty(at + "auth.mechanisms", "PLAIN LOGIN");
    // A server that does not say goodbye is not waited for.
    all.setProperty(at + "quitwait", "false");
    // Whom we say hello as: not this machine's name, which is nobody's business.
    all.setProperty(at + "localhost", config.from().domain());
    all.setProperty(at + "from", config.from().text());
    return all;
  }

  private static String millis(Duration limit) {
    return Long.toString(limit.toMillis());
  }

  /// What is wrong with the server, as last seen; null = nothing. One mail it does not want is not
  /// its fault.
  @Nullable String problem() {
    return problem;
  }

  /// Sends it. A line that the server closed meanwhile is opened anew, once.
  ///
  /// @param id names the mail, so that one that arrives twice can be told
  JobResult send(Letter letter, String id) {
    boolean kept = transport != null;
    try {
      sendOnce(letter, id);
      problem = null;
      return new JobResult.Done();
    } catch (MessagingException | UnknownHostException | NearbyHost.Far failure) {
      hangUp();
      SmtpFailure what = SmtpFailure.of(failure);
      if (kept && what.lineLost()) {
        return send(letter, id);
      }
      problem = what.ofServer() ? "mail cannot be sent: " + what.problem() : null;
      return what.permanent()
          ? new JobResult.Failed(what.problem())
          : new JobResult.Again(what.problem());
    }
  }

  private void sendOnce(Letter letter, String id)
      throws MessagingException, UnknownHostException, NearbyHost.Far {
    MimeMessage message = message(letter, id);
    Transport line = transport;
    // Asks the server (NOOP), so a closed line is noticed before the mail is on its way.
    if (line == null || !line.isConnected()) {
      line = open();
    }
    line.sendMessage(message, new Address[] {new InternetAddress(letter.to().text())});
  }

  private Transport open() throws MessagingException, UnknownHostException, NearbyHost.Far {
    hangUp();
    Transport opened = session.getTransport();
    transport = opened;
    boolean clear = config.tls() == MailTls.NONE;
    String host = clear ? NearbyHost.resolve(config.host()) : config.host();
    Secret password = config.password();
    opened.connect(host, config.port(), config.user(), password == null ? null : password.expose());
    return opened;
  }

  private MimeMessage message(Letter letter, String id) throws MessagingException {
    MimeMessage message =
        new NamedMessage(session, "<%s@%s>".formatted(id, config.from().domain()));
    message.setFrom(new InternetAddress(config.from().text()));
    message.setRecipient(MimeMessage.RecipientType.TO, new InternetAddress(letter.to().text()));
    String charset = StandardCharsets.UTF_8.name();
    message.setSubject(letter.subject(), charset);
    message.setText(letter.body().replace("\n", "\r\n"), charset);
    message.setSentDate(Date.from(time.instant()));
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }

  /// Its id is the job's: the library's would name this machine and its user.
  private static final class NamedMessage extends MimeMessage {
    private final String id;

    NamedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  private void hangUp() {
    Transport line = transport;
    transport = null;
    if (line != null) {
      try {
        line.close();
      } catch (MessagingException _) {
        // It was broken already.
      }
    }
  }

  @Override
  public void close() {
    hangUp();
  }
}
