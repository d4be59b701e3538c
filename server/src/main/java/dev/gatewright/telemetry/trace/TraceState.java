package dev.gatewright.telemetry.trace;

import java.util.ArrayList;
import java.util.List;

/// A `tracestate`: what tracing systems tell each other, of which the gate reads nothing. It goes
/// on in the order it came, without what the standard does not allow, and never longer than 512
/// characters: whoever sends more makes nobody keep more.
public final class TraceState {
  /// Longer ones are cut, by whole members.
  static final int CHARS_MAX = 512;

  /// A list of more is none.
  static final int MEMBERS_MAX = 32;

  /// The first to go where there are too many characters.
  private static final int MEMBER_CHARS_LONG = 128;

  private static final int KEY_CHARS_MAX = 256;
  private static final int VALUE_CHARS_MAX = 256;

  private TraceState() {}

  /// @param lines the header's values, in turn
  /// @return as it goes out; empty = there is none, or it is not what the standard allows
  public static String read(List<? extends CharSequence> lines) {
    List<String> members = new ArrayList<>();
    for (CharSequence line : lines) {
      if (!split(line, members)) {
        return "";
      }
    }
    cut(members);
    return String.join(",", members);
  }

  /// False when a member is none, or there are too many.
  private static boolean split(CharSequence line, List<String> into) {
    int length = line.length();
    int from = 0;
    while (from <= length) {
      int comma = from;
      while (comma < length && line.charAt(comma) != ',') {
        comma++;
      }
      int begin = from;
      int end = comma;
      while (begin < end && blank(line.charAt(begin))) {
        begin++;
      }
      while (end > begin && blank(line.charAt(end - 1))) {
        end--;
      }
      if (end > begin) {
        if (into.size() == MEMBERS_MAX || !member(line, begin, end)) {
          return false;
        }
        into.add(line.subSequence(begin, end).toString());
      }
      from = comma + 1;
    }
    return true;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean member(CharSequence text, int from, int to) {
    int equal = from;
    while (equal < to && key(text.charAt(equal), equal == from)) {
      equal++;
    }
    int key = equal - from;
    int value = to - equal - 1;
    if (key < 1 || key > KEY_CHARS_MAX || value < 1 || value > VALUE_CHARS_MAX) {
      return false;
    }
    if (text.charAt(equal) != '=') {
      return false;
    }
    for (int at = equal + 1; at < to; at++) {
      char c = text.charAt(at);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }

  private static boolean key(char c, boolean first) {
    boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return plain || (!first && (c == '_' || c == '-' || c == '*' || c == '/' || c == '@'));
  }

  /// Whole members, the long ones first and then from the end.
  private static void cut(List<String> members) {
    int chars = -1;
    for (String member : members) {
      chars += member.length() + 1;
    }
    for (int at = members.size() - 1; at >= 0 && chars > CHARS_MAX; at--) {
      if (members.get(at).length() > MEMBER_CHARS_LONG) {
        chars -= members.remove(at).length() + 1;
      }
    }
    while (chars > CHARS_MAX) {
      chars -= members.removeLast().length() + 1;
    }
  }
}
