package dev.gatewright.store;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.secret.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// Where PostgreSQL is and who we are to it, read from `postgresql://user:password@host:5432/db?…`.
/// Parameters after `?` go to the driver as they stand (`sslmode`, `sslrootcert` …).
///
/// @param hosts `host`, `host:port` or several of them separated by commas
/// @param parameters without `?`, may be empty
public record PostgresAddress(
    String hosts,
    String database,
    @Nullable String user,
    @Nullable Secret password,
    String parameters) {

  private static final Pattern FORM =
      Pattern.compile(
          "postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?([^/@?]+)/([^/?]+)(?:\\?(.*))?");

  /// @throws InvalidSetting when the text is not such an address; the message holds no part of it,
  ///   for it may hold a password
  public static PostgresAddress parse(Secret text) {
    Matcher matcher = FORM.matcher(text.expose());
    if (!matcher.matches()) {
      throw new InvalidSetting(
          "DATABASE_URL: not an address of a PostgreSQL database (expected:"
              + " postgresql://user:password@host:5432/database)");
    }
    String password = matcher.group(2);
    String parameters = matcher.group(5);
    return new PostgresAddress(
        matcher.group(3),
        decode(matcher.group(4)),
        matcher.group(1) == null ? null : decode(matcher.group(1)),
        password == null ? null : Secret.of(decode(password)),
        parameters == null ? "" : parameters);
  }

  /// Connections without the lanes' time limits, for what may take as long as it takes: migrations,
  /// copies, waiting for news.
  public DataSource unhurried() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(jdbcUrl());
    source.setUser(user);
    if (password != null) {
      source.setPassword(password.expose());
    }
    source.setConnectTimeout(PostgresLane.CONNECT_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("gatewright");
    return source;
  }

  String jdbcUrl() {
    String url = "jdbc:postgresql://" + hosts + "/" + database;
    return parameters.isEmpty() ? url : url + "?" + parameters;
  }

  /// For logs and errors: no user, no password, no parameters.
  @Override
  public String toString() {
    return "postgresql://" + hosts + "/" + database;
  }

  private static String decode(String part) {
    // URLDecoder takes + for a blank, which is right for forms only.
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
