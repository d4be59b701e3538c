package dev.gatewright.mail;

import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.util.Objects;

/// A gate's mail of a test, to a server on this machine.
final class Letterbox implements AutoCloseable {
  static final EmailAddress TO = Objects.requireNonNull(EmailAddress.parse("ana@x.test"));
  static final EmailAddress FROM = Objects.requireNonNull(EmailAddress.parse("gate@gate.test"));
  static final String ORGANIZATION = "org_1";

  private final Database database;
  final Mail mail;

  Letterbox(Database database, MailConfig config) {
    this.database = database;
    mail = Mail.start(config, database, Time.system());
  }

  static MailConfig config(String host, int port, MailTls tls) {
    return new MailConfig(host, port, null, null, tls, FROM);
  }

  static MailConfig config(int port, String user, String password) {
    return new MailConfig("localhost", port, user, Secret.of(password), MailTls.NONE, FROM);
  }

  void promise(String payload) {
    long end = Time.system().millis() + Mail.NOTICE_MILLIS;
    database.write(handle -> mail.add(handle, ORGANIZATION, "test", payload, end));
  }

  @Override
  public void close() {
    mail.close();
  }
}
