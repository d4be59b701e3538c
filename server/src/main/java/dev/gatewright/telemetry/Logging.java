package dev.gatewright.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/// Sets logging up without a file to parse: to standard error, through a bounded queue, so that a
/// slow terminal never stops an event loop. Logback finds this class by its service file.
public final class Logging extends ContextAwareBase implements Configurator {
  /// Events waiting to be written; beyond that they are dropped, the newest first.
  private static final int QUEUE_EVENTS_MAX = 4096;

  private static final String APPENDER = "gatewright-stderr";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (Logging.class.getResource("/logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    install(context, Level.INFO, new PlainLines());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Applies the settings `log.level` (error, warn, info, debug) and `log.format` (plain, json).
  public static void apply(String level, boolean json) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER) != null) {
      install(context, Level.toLevel(level, Level.INFO), json ? new JsonLines() : new PlainLines());
    }
  }

  /// Writes what is queued and ends logging; the last act of a process.
  public static void finish() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  private static void install(
      LoggerContext context, Level level, LayoutBase<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName(APPENDER);
    queue.setQueueSize(QUEUE_EVENTS_MAX);
    queue.setNeverBlock(true);
    queue.addAppender(console);
    queue.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(queue);
    root.setLevel(level);
    quiet(context);
  }

  /// What libraries say at info is not what an operator wants to know.
  private static void quiet(LoggerContext context) {
    for (String name :
        new String[] {
          "io.javalin", "org.eclipse.jetty", "com.zaxxer", "org.flywaydb", "io.netty", "org.jdbi"
        }) {
      context.getLogger(name).setLevel(Level.WARN);
    }
  }
}
