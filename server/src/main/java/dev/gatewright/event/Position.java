package dev.gatewright.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How far somebody has read what happens in an organization: two numbers, since two things tell
/// it.
///
/// @param audit twice the number of the last audit entry; one less where its second event, that of
///   the entry itself, is still to come
/// @param log number of the last entry of the event log
record Position(long audit, long log) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})");

  static Position of(long auditSeq, long logSeq) {
    return new Position(2 * auditSeq, logSeq);
  }

  /// The last audit entry that was read whole.
  long auditSeq() {
    return audit / 2;
  }

  /// Whether the event lies behind it.
  boolean before(Event event) {
    return event.place() > (event.source() == Event.Source.AUDIT ? audit : log);
  }

  /// Once the event was read.
  Position with(Event event) {
    return event.source() == Event.Source.AUDIT
        ? new Position(event.place(), log)
        : new Position(audit, event.place());
  }

  /// Whichever came further, of each.
  Position furthest(Position other) {
    return new Position(Math.max(audit, other.audit), Math.max(log, other.log));
  }

  /// Whether `other` has read something that this one has not.
  boolean exceededBy(Position other) {
    return other.audit > audit || other.log > log;
  }

  String text() {
    return audit + " " + log;
  }

  /// Null for what [#text] does not write.
  static @Nullable Position parse(String text) {
    Matcher numbers = TEXT.matcher(text);
    return numbers.matches()
        ? new Position(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)))
        : null;
  }
}
