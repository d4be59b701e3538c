package dev.gatewright.mail;

import dev.gatewright.config.Settings;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// The setting `mail`.
///
/// @param host a name, or an address without brackets
/// @param user null = no sign-in
/// @param password null exactly where `user` is
/// @param from whom mails say they are from, and where they bounce to
public record MailConfig(
    String host,
    int port,
    @Nullable String user,
    @Nullable Secret password,
    MailTls tls,
    EmailAddress from) {

  /// Null when `mail` is not set: there is no mail.
  ///
  /// @param root the whole configuration
  public static @Nullable MailConfig from(Settings root) {
    Settings mail = root.section("mail");
    String smtp = mail.textOrNull("smtp");
    String user = mail.textOrNull("user");
    Secret password = mail.secret("password");
    String from = mail.textOrNull("from");
    String tlsText = mail.text("tls", "starttls");
    if (smtp == null) {
      if (user != null || password != null || from != null) {
        throw wrong("mail.smtp: missing (expected: smtp://host:port, or nothing under mail)");
      }
      return null;
    }
    MailTls tls = tls(tlsText);
    URI server = server(smtp);
    String host = unbracketed(server.getHost());
    if ((user == null) != (password == null)) {
      throw wrong(
          user == null
              ? "mail.user: missing (expected: with mail.password)"
              : "mail.password: missing (expected: with mail.user)");
    }
    InetAddress literal = IpLiteral.parse(host);
    if (tls == MailTls.NONE && literal != null && !NearbyHost.isNear(literal)) {
      throw wrong(
          "mail.tls: none (expected: starttls or implicit; %s is neither loopback nor private)"
              .formatted(host));
    }
    int port = server.getPort() < 0 ? tls.port() : server.getPort();
    return new MailConfig(host, port, user, password, tls, sender(from));
  }

  private static EmailAddress sender(@Nullable String from) {
    if (from == null) {
      throw wrong("mail.from: missing (expected: the address mails are from)");
    }
    EmailAddress address = EmailAddress.parse(from);
    if (address == null) {
      throw wrong("mail.from: %s (expected: an address alone, gate@example.org)".formatted(from));
    }
    return address;
  }

  private static URI server(String smtp) {
    try {
      URI server = new URI(smtp);
      boolean good =
          "smtp".equals(server.getScheme())
              && server.getHost() != null
              && server.getUserInfo() == null
              && server.getPort() != 0
              && server.getPort() <= 65_535
              && (server.getRawPath() == null || server.getRawPath().isEmpty())
              && server.getRawQuery() == null
              && server.getRawFragment() == null;
      if (good) {
        return server;
      }
    } catch (URISyntaxException _) {
      // said below
    }
    // Not shown: somebody may have written a password into it.
    throw wrong("mail.smtp: not usable (expected: smtp://host:port, nothing else)");
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static MailTls tls(String text) {
    return switch (text) {
      case "starttls" -> MailTls.STARTTLS;
      case "implicit" -> MailTls.IMPLICIT;
      case "none" -> MailTls.NONE;
      default ->
          throw wrong("mail.tls: %s (expected: starttls or implicit or none)".formatted(text));
    };
  }

  private static Settings.InvalidSetting wrong(String message) {
    return new Settings.InvalidSetting(message);
  }
}
