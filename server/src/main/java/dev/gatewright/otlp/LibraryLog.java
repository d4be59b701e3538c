package dev.gatewright.otlp;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the library has to say goes where everything else is said; by itself it would write to
/// standard error past the log's form, its queue and what masks credentials. It says little, and
/// the same thing a few times a minute at most.
final class LibraryLog extends Handler {
  private static final Logger LOG = LoggerFactory.getLogger(LibraryLog.class);

  /// Held, because the JDK forgets loggers that nobody holds, and their handlers with them.
  private static final java.util.logging.Logger THEIRS =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final SimpleFormatter words = new SimpleFormatter();

  private LibraryLog() {}

  static LibraryLog begin() {
    LibraryLog log = new LibraryLog();
    THEIRS.setUseParentHandlers(false);
    THEIRS.addHandler(log);
    return log;
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() < Level.WARNING.intValue()) {
      return;
    }
    // Of what was thrown the kind alone: a line, not a page, for as long as a collector is away.
    Throwable thrown = record.getThrown();
    LOG.warn("{}{}", words.formatMessage(record), thrown == null ? "" : " (" + said(thrown) + ")");
  }

  private static String said(Throwable thrown) {
    return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.toString();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    THEIRS.removeHandler(this);
  }
}
