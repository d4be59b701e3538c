package dev.gatewright.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.regex.Pattern;

/// An event's words, bounded and without what looks like a credential. Nothing logs credentials on
/// purpose; this is the net below that rule, for exceptions that quote what they were given.
final class LogText {
  private static final int MESSAGE_CHARS_MAX = 8 << 10;
  private static final int TRACE_CHARS_MAX = 16 << 10;

  private static final Pattern GATE_KEY =
      Pattern.compile("(gw_(?:live|test|admin)_[0-9A-Za-z]{1,10})_[0-9A-Za-z_]+");
  private static final Pattern CARRIER =
      Pattern.compile("(?i)((?:bearer|basic)\\s+|(?:api[-_]?key|password)[=:]\\s*)[^\\s,;&\"']+");

  private LogText() {}

  static String message(ILoggingEvent event) {
    return clean(event.getFormattedMessage(), MESSAGE_CHARS_MAX);
  }

  /// The stack trace, empty when there is none.
  static String trace(ILoggingEvent event) {
    return event.getThrowableProxy() == null
        ? ""
        : clean(ThrowableProxyUtil.asString(event.getThrowableProxy()), TRACE_CHARS_MAX);
  }

  static String clean(String text, int charsMax) {
    String bounded = text.length() <= charsMax ? text : text.substring(0, charsMax) + "…";
    String masked = GATE_KEY.matcher(bounded).replaceAll("$1_***");
    return CARRIER.matcher(masked).replaceAll("$1***");
  }
}
