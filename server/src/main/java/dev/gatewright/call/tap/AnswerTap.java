package dev.gatewright.call.tap;

import dev.gatewright.call.Ending;
import dev.gatewright.call.Tap;
import dev.gatewright.json.JsonWalker;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.answer.AnswerInflater;
import dev.gatewright.relay.answer.SseFramer;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/// Reads an answer event by event, line by line or as a whole, wherever reads of the socket cut it;
/// inflates for itself what is compressed. Holds none of it: the walker keeps its place. Which of
/// these it is, the first bytes say. Confined to the call's event loop.
public final class AnswerTap implements Tap, SseFramer.Data {
  /// Bytes are read in the heap, a window at a time.
  static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Measure measure;
  private final @Nullable String type;
  private final AnswerReading reading = new AnswerReading(this::nextDocument);
  private final JsonWalker walker;
  private final SseFramer framer = new SseFramer(this);
  private final @Nullable AnswerInflater inflater;
  private @Nullable AnswerForm form;
  private int mark;

  /// Of the current document.
  private boolean readable = true;

  private boolean several;
  private long dataBytes;
  private long unread;
  private int donePlace;

  private long bytes;
  private boolean begun;
  private boolean anything;
  private boolean usageChunk;
  private boolean usageSaid;
  private boolean saidMore;

  /// The event that has just ended may be a mould for others; where its last piece of data began,
  /// and how many pieces there were.
  private boolean repeats;

  private int dataFrom;
  private int dataParts;
  private boolean lineEnded;

  /// The answer is whole as its framing has it.
  private boolean framed;

  /// It ended in the middle of a document.
  private boolean cut;

  private boolean finished;

  /// @param type the answer's content type; null = none is given
  /// @param encoding its content encoding; null = there is none
  AnswerTap(Measure measure, @Nullable String type, @Nullable String encoding) {
    this.measure = measure;
    this.type = type;
    this.walker = JsonWalker.ofAnswer(AnswerShape.ANSWER, reading);
    boolean plain = encoding == null || AnswerInflater.plain(encoding);
    this.inflater = plain || encoding == null ? null : AnswerInflater.of(encoding, this::read);
    if (AnswerForm.binary(type) || (!plain && inflater == null)) {
      form = AnswerForm.OPAQUE;
    }
    reading.begin();
  }

  @Override
  public void watch(ByteBuf part) {
    byte[] window = WINDOW.get();
    int from = part.readerIndex();
    int to = part.writerIndex();
    if (form == AnswerForm.OPAQUE && inflater == null) {
      bytes += to - from;
      unread += to - from;
      return;
    }
    while (from < to) {
      int length = Math.min(window.length, to - from);
      part.getBytes(from, window, 0, length);
      feed(window, 0, length);
      from += length;
    }
  }

  /// Shows bytes in the heap.
  public void feed(byte[] part, int from, int to) {
    bytes += to - from;
    if (inflater == null) {
      read(part, from, to);
    } else {
      inflater.feed(part, from, to);
      unread += inflater.broken() ? to - from : 0;
    }
  }

  private void read(byte[] part, int from, int to) {
    int at = from;
    while (at >= 0 && at < to) {
      at = step(part, at, to);
    }
  }

  /// Shows bytes up to the end of the current event, where the answer is one of events and not
  /// compressed.
  ///
  /// @return the index behind it; -1 when it does not end in this part, all of which has been taken
  public int next(byte[] part, int from, int to) {
    int at = step(part, from, to);
    bytes += (at < 0 ? to : at) - from;
    return at;
  }

  private int step(byte[] part, int from, int to) {
    int at = form == null ? begin(part, from, to) : from;
    AnswerForm known = form;
    if (known == null || at == to) {
      return -1;
    }
    switch (known) {
      case EVENTS -> {
        return framer.between() ? wholeEvent(part, at, to) : event(part, at, to);
      }
      case DOCUMENTS -> {
        data(part, at, to);
        lineEnded = part[to - 1] == '\n';
      }
      case OPAQUE -> unread += to - at;
    }
    return -1;
  }

  private int event(byte[] part, int from, int to) {
    int end = framer.next(part, from, to);
    if (end >= 0) {
      pieceEnded(true);
    }
    return end;
  }

  /// From its beginning; and whether it is as others before, which need no walk.
  private int wholeEvent(byte[] part, int from, int to) {
    EventMould mould = reading.mould;
    int end = mould.match(part, from, to);
    if (end >= 0) {
      reading.alike(mould.textBytes());
      usageChunk = false;
      usageSaid = false;
      return end;
    }
    dataParts = 0;
    mould.begin();
    end = event(part, from, to);
    if (end >= 0 && repeats) {
      mould.keep(part, from, end, dataFrom);
    }
    return end;
  }

  /// Passes white space and a byte order mark at the answer's beginning.
  private int begin(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = part[at];
      if (mark < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[mark]) {
        mark++;
      } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        form = AnswerForm.of(b, type);
        if (b == '<' && measure.answerExpected()) {
          reading.end.webPage();
        }
        return at;
      }
      at++;
    }
    return at;
  }

  @Override
  public void data(byte[] part, int from, int to) {
    dataFrom = from;
    dataParts++;
    dataBytes += to - from;
    if (donePlace >= 0) {
      int at = from;
      while (at < to && donePlace < DONE.length && part[at] == DONE[donePlace]) {
        donePlace++;
        at++;
      }
      donePlace = at == to ? donePlace : -1;
    }
    boolean before = readable;
    readable = readable && walker.feed(part, from, to);
    if (form == AnswerForm.DOCUMENTS) {
      unread += before && readable ? 0 : to - from;
      begun |= reading.wrote() || reading.images() > 0;
    }
  }

  private void nextDocument() {
    if (form == AnswerForm.DOCUMENTS) {
      pieceEnded(true);
    } else {
      // An event is one document.
      several = true;
    }
  }

  /// @param whole nothing of it is missing
  private void pieceEnded(boolean whole) {
    boolean events = form == AnswerForm.EVENTS;
    if (events) {
      eventEnded(whole);
    }
    anything |= dataBytes > 0 || unread > 0;
    reading.end(unread);
    unread = 0;
    begun |= dataBytes > 0 && !reading.end.opening() && !reading.end.failed();
    reading.begin();
    if (events) {
      walker.reset();
    }
    readable = true;
    dataBytes = 0;
    donePlace = 0;
  }

  private void eventEnded(boolean whole) {
    boolean read = readable && walker.done() && !several;
    several = false;
    boolean lastWord = donePlace == DONE.length;
    if (lastWord) {
      reading.end.lastWord();
    } else if (!read && (whole || !readable)) {
      unread += dataBytes;
    }
    if (framer.errorNamed()) {
      reading.end.errorEvent();
    }
    reading.streams();
    usageChunk = read && reading.usageChunk();
    usageSaid = read && reading.usageSaid();
    repeats =
        read && !usageChunk && dataParts == 1 && !framer.errorNamed() && reading.mould.alike();
    saidMore = reading.saysMore();
  }

  /// The event that has just ended is the usage chunk of a chat stream.
  public boolean endedUsageChunk() {
    return usageChunk;
  }

  /// The event that has just ended tells what was used so far, where its dialect has it.
  public boolean endedUsage() {
    return usageSaid;
  }

  /// False once it is clear that the answer is none of events.
  public boolean mayBeEvents() {
    return form == null || form == AnswerForm.EVENTS;
  }

  /// Beside its usage it says nothing a caller could miss.
  public boolean endedPureUsageChunk() {
    return usageChunk && !saidMore;
  }

  @Override
  public void end() {
    framed = !finished;
    finish();
  }

  @Override
  public void finish() {
    if (finished) {
      return;
    }
    finished = true;
    if (inflater != null) {
      inflater.end();
    }
    if (form == AnswerForm.EVENTS) {
      boolean _ = framer.finish();
    }
    cut = form == AnswerForm.DOCUMENTS && readable && !walker.finish();
    pieceEnded(false);
  }

  @Override
  public Ending ending() {
    boolean nothing = measure.answerExpected() && !anything;
    return reading.end.ending(finished && !cut && !nothing && (framed || form != null));
  }

  @Override
  public Usage usage() {
    return measure.usage(reading, bytes, anything, ending(), framed);
  }

  @Override
  public long outputSoFar() {
    return measure.writes() ? reading.outputSoFar() : 0;
  }

  @Override
  public boolean begun() {
    return begun || (form == AnswerForm.OPAQUE && !reading.end.failed());
  }

  @Override
  public @Nullable String model() {
    return reading.model();
  }

  @Override
  public boolean between() {
    return form == AnswerForm.EVENTS
        ? framer.between()
        : form == AnswerForm.DOCUMENTS && walker.done() && lineEnded;
  }
}
