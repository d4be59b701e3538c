package dev.gatewright.service;

import dev.gatewright.json.JsonWalker;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.relay.AnswerInflater;
import dev.gatewright.relay.SseFramer;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/// Reads an answer's usage line by line, event by event or as a whole, wherever reads of the socket
/// cut it; inflates for itself what is compressed. Holds no line: the walker keeps its place in
/// one. Confined to the call's event loop.
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
    /// Not JSON, or compressed in a way that is not read: only its length is seen.
    OPAQUE
  }

  private final CallMeasure measure;
  private final Form form;
  private final AnswerCount count = new AnswerCount();
  private final JsonWalker walker = new JsonWalker(AnswerShape.ANSWER, count, false);
  private final SseFramer framer = new SseFramer(this::document);
  private final @Nullable AnswerInflater inflater;
  private boolean readable = true;

  /// @param encoding the answer's content encoding; null = there is none
  AnswerTap(CallMeasure measure, Form form, @Nullable String encoding) {
    this.measure = measure;
    this.inflater =
        encoding == null || AnswerInflater.plain(encoding)
            ? null
            : AnswerInflater.of(encoding, this::read);
    this.form = inflater != null || AnswerInflater.plain(encoding) ? form : Form.OPAQUE;
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
      if (inflater == null) {
        read(window, 0, length);
      } else {
        inflater.feed(window, 0, length);
      }
      from += length;
    }
  }

  private void read(byte[] window, int from, int to) {
    switch (form) {
      case LINES -> lines(window, from, to);
      case EVENTS -> {
        int at = from;
        while (at >= 0 && at < to) {
          at = framer.next(window, at, to);
          if (at >= 0) {
            pieceEnded();
          }
        }
      }
      case WHOLE -> document(window, from, to);
      case OPAQUE -> {}
    }
  }

  private void lines(byte[] window, int from, int to) {
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && window[end] != '\n') {
        end++;
      }
      document(window, at, end);
      if (end < to) {
        pieceEnded();
      }
      at = end + 1;
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
    if (inflater != null) {
      inflater.end();
    }
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
