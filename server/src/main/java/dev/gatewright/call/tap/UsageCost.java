package dev.gatewright.call.tap;

import static dev.gatewright.json.JsonShape.member;
import static dev.gatewright.json.JsonShape.object;
import static dev.gatewright.json.JsonShape.place;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonShape;
import dev.gatewright.json.JsonWalker;

/// An event with what it cost in its usage. Made once or twice a stream.
final class UsageCost implements JsonListener {
  private static final int USAGE = 1;
  private static final int COST = 2;
  private static final JsonShape IN_USAGE = object(member("cost", place(COST))).marked(USAGE);
  private static final JsonShape EVENT =
      object(member("usage", IN_USAGE), member("response", object(member("usage", IN_USAGE))));

  /// Where the usage's closing brace stands; -1 = there is none.
  private int close = -1;

  private boolean empty;

  /// A cost of the provider's own, which is another one.
  private int costFrom = -1;

  private int costTo;

  private UsageCost() {}

  /// As it came where its data stands on several lines.
  static byte[] into(byte[] event, String usd) {
    int[] data = EventLines.onlyData(event);
    if (data == null) {
      return event;
    }
    UsageCost found = new UsageCost();
    boolean _ = JsonWalker.ofAnswer(EVENT, found).feed(event, data[0], data[1]);
    return found.close < 0 ? event : found.with(event, data[0], "\"" + usd + "\"");
  }

  @Override
  public void value(int mark, JsonWalker at) {
    if (mark == COST) {
      costFrom = (int) at.start();
      costTo = (int) at.end();
    }
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    if (mark == COST) {
      costTo = (int) at.end();
    } else if (at.kind() == JsonKind.OBJECT) {
      close = (int) at.end() - 1;
      empty = at.empty();
    }
  }

  private byte[] with(byte[] event, int data, String value) {
    int from = data + (costFrom < 0 ? close : costFrom);
    int to = costFrom < 0 ? from : data + costTo;
    byte[] text =
        (costFrom >= 0 ? value : (empty ? "" : ",") + "\"cost\":" + value).getBytes(US_ASCII);
    byte[] with = new byte[event.length - (to - from) + text.length];
    System.arraycopy(event, 0, with, 0, from);
    System.arraycopy(text, 0, with, from, text.length);
    System.arraycopy(event, to, with, from + text.length, event.length - to);
    return with;
  }
}
