package dev.gatewright.call.tap;

import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;
import java.io.ByteArrayOutputStream;

/// An event of a chat stream without its usage. Made once a stream at most.
final class UsageCut implements JsonListener {
  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};
  private static final JsonShape USAGE =
      JsonShape.object(JsonShape.member("usage", JsonShape.object().marked(1)));

  private int from = -1;
  private int to = -1;

  private UsageCut() {}

  /// The event less its member `usage`; as it came where its data stands on several lines.
  static byte[] of(byte[] event) {
    int data = -1;
    int end = -1;
    for (int line = 0; line < event.length; line = next(event, line)) {
      if (isData(event, line)) {
        if (data >= 0) {
          return event;
        }
        data = line + FIELD.length;
        end = endOfLine(event, line);
      }
    }
    if (data < 0) {
      return event;
    }
    UsageCut cut = new UsageCut();
    boolean _ = JsonWalker.ofAnswer(USAGE, cut).feed(event, data, end);
    return cut.to < 0 ? event : cut.without(event, data);
  }

  /// Only the event's comment lines.
  static byte[] comments(byte[] event) {
    ByteArrayOutputStream comments = new ByteArrayOutputStream();
    for (int line = 0; line < event.length; line = next(event, line)) {
      if (event[line] == ':') {
        comments.write(event, line, next(event, line) - line);
      }
    }
    return comments.toByteArray();
  }

  @Override
  public void value(int mark, JsonWalker at) {
    from = (int) at.nameStart();
    to = (int) at.end();
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    to = (int) at.end();
  }

  /// One comma goes with the member: the one before it, or behind it where it is the first.
  private byte[] without(byte[] event, int data) {
    int begin = data + from;
    int end = data + to;
    int before = begin - 1;
    while (before > data && blank(event[before])) {
      before--;
    }
    if (event[before] == ',') {
      begin = before;
    } else {
      int behind = end;
      while (behind < event.length && blank(event[behind])) {
        behind++;
      }
      end = behind < event.length && event[behind] == ',' ? behind + 1 : end;
    }
    byte[] rest = new byte[event.length - (end - begin)];
    System.arraycopy(event, 0, rest, 0, begin);
    System.arraycopy(event, end, rest, begin, event.length - end);
    return rest;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
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

  private static int next(byte[] event, int line) {
    int end = endOfLine(event, line);
    int next = Math.min(end + 1, event.length);
    return next < event.length && event[end] == '\r' && event[next] == '\n' ? next + 1 : next;
  }
}
