package dev.gatewright.call.tap;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonWalker;
import java.util.Arrays;

/// The last event that said nothing new but a piece of text, kept as a mould. Most events of a
/// stream are the same bytes around another text, and whoever knows what one of them means need not
/// walk over the next: it means the same, but for how long its text is. Whatever differs anywhere
/// else is read by the walker. Confined to the call's event loop.
final class EventMould {
  /// Longer events are walked over.
  private static final int BYTES_MAX = 2048;

  private static final int FIRST_BYTES = 512;

  /// A text, what pads it, a running number.
  private static final int PLACES_MAX = 3;

  private static final byte[] NOTHING = {};

  /// What may differ: between two quotes, or digits.
  private enum Place {
    TEXT,
    PADDING,
    COUNT
  }

  private byte[] mould = NOTHING;
  private int length;
  private int places;
  private final Place[] kinds = new Place[PLACES_MAX];
  private final int[] starts = new int[PLACES_MAX];
  private final int[] ends = new int[PLACES_MAX];
  private int textBytes;

  // Of the event being walked over.
  private boolean alike;
  private int seen;
  private final Place[] seenKinds = new Place[PLACES_MAX];
  private final long[] seenStarts = new long[PLACES_MAX];
  private final long[] seenEnds = new long[PLACES_MAX];

  /// An event begins.
  void begin() {
    alike = true;
    seen = 0;
  }

  /// A marked value of the event. What is not named here counts something, or means something new
  /// each time it comes.
  void value(int mark, JsonWalker at) {
    switch (mark) {
      case AnswerShape.TEXT -> {
        if (at.kind() == JsonKind.STRING) {
          place(Place.TEXT, at, at.textBytes() == at.end() - at.start() - 2);
        }
      }
      case AnswerShape.PADDING ->
          place(Place.PADDING, at, at.textBytes() == at.end() - at.start() - 2);
      case AnswerShape.COUNT -> place(Place.COUNT, at, at.kind() == JsonKind.NUMBER);
      case AnswerShape.CHOICES,
          AnswerShape.OBJECT,
          AnswerShape.TYPE,
          AnswerShape.MODEL,
          AnswerShape.OTHER -> {}
      case AnswerShape.FINISH, AnswerShape.USAGE, AnswerShape.ERROR ->
          alike &= at.kind() == JsonKind.NULL;
      default -> alike = false;
    }
  }

  private void place(Place kind, JsonWalker at, boolean plain) {
    if (!plain || seen == PLACES_MAX) {
      alike = false;
      return;
    }
    int quote = kind == Place.COUNT ? 0 : 1;
    seenKinds[seen] = kind;
    seenStarts[seen] = at.start() + quote;
    seenEnds[seen] = at.end() - quote;
    seen++;
  }

  /// Another event that means what this one did may come.
  boolean alike() {
    return alike && seen > 0;
  }

  /// The event that has just been walked over is the mould from now on.
  ///
  /// @param data where in `part` its only data line has its data
  void keep(byte[] part, int from, int to, int data) {
    // Behind a lone CR it is not yet known whether an LF belongs to it.
    if (to - from > BYTES_MAX || part[to - 1] != '\n') {
      return;
    }
    length = to - from;
    if (mould.length < length) {
      mould = new byte[Math.max(length, FIRST_BYTES)];
    }
    System.arraycopy(part, from, mould, 0, length);
    places = seen;
    for (int i = 0; i < seen; i++) {
      kinds[i] = seenKinds[i];
      starts[i] = (int) seenStarts[i] + data - from;
      ends[i] = (int) seenEnds[i] + data - from;
    }
  }

  /// @return the index behind the event that begins at `from`; -1 when it must be walked over
  int match(byte[] part, int from, int to) {
    if (length == 0) {
      return -1;
    }
    int at = from;
    int fixed = 0;
    int text = 0;
    for (int i = 0; i < places; i++) {
      int same = starts[i] - fixed;
      if (!same(part, at, to, fixed, same)) {
        return -1;
      }
      at += same;
      int end = kinds[i] == Place.COUNT ? endOfDigits(part, at, to) : endOfText(part, at, to);
      text += kinds[i] == Place.TEXT ? end - at : 0;
      at = end;
      fixed = ends[i];
    }
    if (!same(part, at, to, fixed, length - fixed)) {
      return -1;
    }
    textBytes = text;
    return at + length - fixed;
  }

  /// UTF-8 bytes of text of the event that matched.
  int textBytes() {
    return textBytes;
  }

  private boolean same(byte[] part, int at, int to, int fixed, int bytes) {
    return to - at >= bytes && Arrays.equals(part, at, at + bytes, mould, fixed, fixed + bytes);
  }

  /// What stands here must be the closing quote, which the mould has next: an escape or the end of
  /// the line is no match.
  private static int endOfText(byte[] part, int from, int to) {
    int at = from;
    while (at < to && part[at] != '"' && part[at] != '\\' && (part[at] < 0 || part[at] >= ' ')) {
      at++;
    }
    return at;
  }

  private static int endOfDigits(byte[] part, int from, int to) {
    int at = from;
    while (at < to && part[at] >= '0' && part[at] <= '9') {
      at++;
    }
    return at;
  }
}
