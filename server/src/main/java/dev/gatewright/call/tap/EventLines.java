package dev.gatewright.call.tap;

import org.jspecify.annotations.Nullable;

/// The lines of one event of a stream. Pure.
final class EventLines {
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};

  private EventLines() {}

  /// Where its data begins and ends; null where it has none, or on several lines.
  static int @Nullable [] onlyData(byte[] event) {
    int data = -1;
    int end = -1;
    for (int line = 0; line < event.length; line = next(event, line)) {
      if (isData(event, line)) {
        if (data >= 0) {
          return null;
        }
        data = line + FIELD.length;
        end = endOfLine(event, line);
      }
    }
    return data < 0 ? null : new int[] {data, end};
  }

  private static boolean isData(byte[] event, int line) {
    for (int i = 0; i < FIELD.length; i++) {
      if (line + i >= event.length || event[line + i] != FIELD[i]) {
        return false;
      }
    }
    return true;
  }

  private static int endOfLine(byte[] event, int line) {
    int end = line;
    while (end < event.length && event[end] != '\n' && event[end] != '\r') {
      end++;
    }
    return end;
  }

  /// Where the line behind this one begins.
  static int next(byte[] event, int line) {
    int end = endOfLine(event, line);
    int next = Math.min(end + 1, event.length);
    return next < event.length && event[end] == '\r' && event[next] == '\n' ? next + 1 : next;
  }
}
