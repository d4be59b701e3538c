package dev.gatewright.testbed;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/// Every statement that SQLite's driver prepares in this process, as the driver itself tells it,
/// and how SQLite would go about each. No statistics are ever made by the product, so what SQLite
/// chooses depends on the schema alone: a plan that is good on ten rows is the plan on a million.
/// Thread-safe.
final class SeenSql implements AutoCloseable {
  private static final String MARK = "[SQLite EXEC] ";

  private final Logger driver = (Logger) LoggerFactory.getLogger("org.sqlite.core.NativeDB");
  private final Level before = driver.getLevel();
  private final boolean additive = driver.isAdditive();
  private final Queue<String> statements = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          String text = event.getFormattedMessage();
          int at = text.indexOf(MARK);
          if (at >= 0) {
            statements.add(text.substring(at + MARK.length()));
          }
        }
      };

  SeenSql() {
    appender.start();
    driver.setLevel(Level.TRACE);
    driver.setAdditive(false);
    driver.addAppender(appender);
  }

  /// What was prepared since the last time: queries and changes, without the driver's own words.
  List<String> take() {
    List<String> taken = new ArrayList<>();
    for (String sql = statements.poll(); sql != null; sql = statements.poll()) {
      String word = sql.strip().split("[\\s(]", 2)[0].toUpperCase(Locale.ROOT);
      if (List.of("SELECT", "WITH", "INSERT", "UPDATE", "DELETE").contains(word)) {
        taken.add(sql);
      }
    }
    return taken;
  }

  /// The lines of a statement's plan.
  ///
  /// @param file of the database, which may be in use
  static List<String> plan(Path file, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
      while (rows.next()) {
        lines.add(rows.getString("detail"));
      }
    }
    return lines;
  }

  @Override
  public void close() {
    driver.detachAppender(appender);
    driver.setLevel(before);
    driver.setAdditive(additive);
  }
}
