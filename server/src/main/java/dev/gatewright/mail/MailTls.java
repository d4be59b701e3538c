package dev.gatewright.mail;

/// How the way to the mail server is kept private.
public enum MailTls {
  /// Clear text until the server agrees to TLS; without it nothing is sent.
  STARTTLS(587),
  /// TLS from the first byte.
  IMPLICIT(465),
  /// Clear text; to loopback and private addresses only.
  NONE(25);

  private final int port;

  MailTls(int port) {
    this.port = port;
  }

  /// Where such a server usually listens.
  int port() {
    return port;
  }
}
