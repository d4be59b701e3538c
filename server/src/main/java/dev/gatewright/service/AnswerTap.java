package dev.gatewright.service;

import dev.gatewright.json.JsonWalker;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.SseFramer;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/// Reads an answer's usage line by line, event by event or as a whole, wherever reads of the socket
/// cut it. Holds no line: the walker keeps its place in one. Confined to the call's event loop.
final class AnswerTap implements ServiceTap {
  private static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  /// How an answer is cut into JSON documents.
  enum Form {
    LINES,
    EVENTS,
    WHOLE,
    /// Not JSON, or compressed: only its length is seen.
    OPAQUE
  }

  private final CallMeasure measure;
  private final Form form;
  private final AnswerCount count = new AnswerCount();
  private final JsonWalker walker = new JsonWalker(AnswerShape.ANSWER, count, false);
  private final SseFramer framer = new SseFramer(this::document);
  private boolean readable = true;

  AnswerTap(CallMeasure measure, Form form) {
    this.measure = measure;
    this.form = form;
  }

  @Override
  public void watch(ByteBuf part) {
    count.passed(part.readableBytes());
    if (form == Form.OPAQUE) {
      return;
    }
    byte[] window = WINDOW.get();
    int from = part.readerIndex();
    int to = part.writerIndex();
    while (from < to) {
      int length = Math.min(window.length, to - from);
      part.getBytes(from, window, 0, length);
      feed(window, length);
      from += length;
    }
  }

  private void feed(byte[] window, int length) {
    switch (form) {
      case LINES -> lines(window, length);
      case EVENTS -> {
        int at = 0;
        while (at >= 0 && at < length) {
          at = framer.next(window, at, length);
          if (at >= 0) {
            pieceEnded();
          }
        }
      }
      case WHOLE -> document(window, 0, length);
      case OPAQUE -> {}
    }
  }

  private void lines(byte[] window, int length) {
    int from = 0;
    while (from < length) {
      int end = from;
      while (end < length && window[end] != '\n') {
        end++;
      }
      document(window, from, end);
      if (end < length) {
        pieceEnded();
      }
      from = end + 1;
    }
  }

  private void document(byte[] part, int from, int to) {
    readable = readable && walker.feed(part, from, to);
  }

  private void pieceEnded() {
    count.pieceEnded();
    walker.reset();
    readable = true;
  }

  @Override
  public void finish() {
    pieceEnded();
  }

  @Override
  public Usage usage() {
    return measure.usage(count);
  }

  @Override
  public boolean failed() {
    return count.error();
  }
}
