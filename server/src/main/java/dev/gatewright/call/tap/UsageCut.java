package dev.gatewright.call.tap;

import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;
import java.io.ByteArrayOutputStream;

/// An event of a chat stream without its usage. Made once a stream at most.
final class UsageCut implements JsonListener {
  private static final JsonShape USAGE =
      JsonShape.object(JsonShape.member("usage", JsonShape.object().marked(1)));

  private int from = -1;
  private int to = -1;

  private UsageCut() {}

  /// The event less its member `usage`; as it came where its data stands on several lines.
  static byte[] of(byte[] event) {
    int[] data = EventLines.onlyData(event);
    if (data == null) {
      return event;
    }
    UsageCut cut = new UsageCut();
    boolean _ = JsonWalker.ofAnswer(USAGE, cut).feed(event, data[0], data[1]);
    return cut.to < 0 ? event : cut.without(event, data[0]);
  }

  /// Only the event's comment lines.
  static byte[] comments(byte[] event) {
    ByteArrayOutputStream comments = new ByteArrayOutputStream();
    for (int line = 0; line < event.length; line = EventLines.next(event, line)) {
      if (event[line] == ':') {
        comments.write(event, line, EventLines.next(event, line) - line);
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
}
