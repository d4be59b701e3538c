package dev.gatewright.relay.answer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Finds the events in a stream of server-sent events (WHATWG HTML, §9.2), split at any byte, and
/// passes on what stands in their `data` lines. Lines may end in LF, CR LF or CR. Holds no bytes.
/// Confined to one thread.
public final class SseFramer {
  /// Takes an event's data, part by part; lines are joined by LF.
  public interface Data {
    void data(byte[] part, int from, int to);
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private static final byte[] FIELD = {'d', 'a', 't', 'a', ':'};
  private static final byte[] ERROR_NAME = "event: error".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR_NAME_TIGHT = "event:error".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LINE_FEED = {'\n'};

  /// Where in a line: below `FIELD.length` so many bytes of `data:` have matched.
  private static final int BEHIND_COLON = FIELD.length;

  private static final int IN_DATA = BEHIND_COLON + 1;
  private static final int IN_OTHER = IN_DATA + 1;

  private final Data data;
  private int place;
  private boolean carriageReturn;
  private boolean lineBegun;
  private boolean eventBegun;
  private boolean dataBegun;

  /// How the current line begins, where it is none of data.
  private final byte[] other = new byte[ERROR_NAME.length + 1];

  private int otherLength;
  private boolean errorName;

  public SseFramer(Data data) {
    this.data = data;
  }

  /// Goes on to the end of the current event.
  ///
  /// @return the index behind the event's blank line, or -1 when it does not end in this part, all
  ///   of which has then been taken
  public int next(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = part[at];
      if (carriageReturn) {
        carriageReturn = false;
        at += b == '\n' ? 1 : 0;
        if (lineEnded()) {
          return at;
        }
      } else if (b == '\n') {
        at++;
        if (lineEnded()) {
          return at;
        }
      } else if (b == '\r') {
        carriageReturn = true;
        at++;
      } else {
        at = line(part, at, to);
      }
    }
    return -1;
  }

  /// The stream has ended; true when that ends an event (its last line break was a lone CR).
  public boolean finish() {
    if (!carriageReturn) {
      return false;
    }
    carriageReturn = false;
    return lineEnded();
  }

  /// Nothing of an event has been seen since the last one ended.
  public boolean between() {
    return !eventBegun && !lineBegun && !carriageReturn;
  }

  /// The current event, or the one that has just ended, is named `error`.
  public boolean errorNamed() {
    return errorName;
  }

  private boolean lineEnded() {
    boolean blank = !lineBegun;
    if (otherLength > 0) {
      errorName = named(ERROR_NAME) || named(ERROR_NAME_TIGHT) || (errorName && other[0] != 'e');
      otherLength = 0;
    }
    lineBegun = false;
    place = 0;
    if (blank) {
      eventBegun = false;
      dataBegun = false;
    } else {
      eventBegun = true;
    }
    return blank;
  }

  private boolean named(byte[] line) {
    return Arrays.equals(line, 0, line.length, other, 0, otherLength);
  }

  private int line(byte[] part, int from, int to) {
    if (!eventBegun && !lineBegun) {
      errorName = false;
    }
    lineBegun = true;
    int at = from;
    while (place < BEHIND_COLON && at < to) {
      if (part[at] != FIELD[place]) {
        // A name that begins as `data:` does is none of those looked for.
        other[0] = FIELD[0];
        otherLength = place == 0 ? 0 : other.length;
        place = IN_OTHER;
        break;
      }
      place++;
      at++;
    }
    if (at == to) {
      return at;
    }
    if (place == BEHIND_COLON) {
      if (dataBegun) {
        data.data(LINE_FEED, 0, 1);
      }
      dataBegun = true;
      place = IN_DATA;
      if (part[at] == ' ') {
        at++;
      }
    }
    int end = endOfLine(part, at, to);
    if (place == IN_DATA && end > at) {
      data.data(part, at, end);
    } else if (place == IN_OTHER && otherLength < other.length) {
      int more = Math.min(end - at, other.length - otherLength);
      System.arraycopy(part, at, other, otherLength, more);
      otherLength += more;
    }
    return end;
  }

  /// Eight bytes at a time: most of a stream is inside its lines. The lowest flag is always a true
  /// one; a byte beyond ASCII is never flagged by itself.
  private static int endOfLine(byte[] part, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      long word = (long) LONGS.get(part, at);
      long feeds = word ^ ONES * '\n';
      long returns = word ^ ONES * '\r';
      long flags = (((feeds - ONES) & ~feeds) | ((returns - ONES) & ~returns)) & HIGHS;
      if (flags != 0) {
        return at + (Long.numberOfTrailingZeros(flags) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < to && part[at] != '\n' && part[at] != '\r') {
      at++;
    }
    return at;
  }
}
