package dev.gatewright.llm.simulator;

import dev.gatewright.llm.simulator.request.Words;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// The parts of an answer in their order, each made when it leaves: a long answer is never in
/// memory.
final class Parts {
  /// Characters of a text that leave as one part.
  private static final int CHUNK_CHARS = 8 << 10;

  /// Makes the part of one piece of a text.
  interface Piece {
    JsonOut of(String text, int from, int to);
  }

  private final List<Iterator<JsonOut>> sections = new ArrayList<>();

  Parts then(Supplier<JsonOut> part) {
    return each(1, _ -> part.get());
  }

  Parts each(int count, IntFunction<JsonOut> part) {
    sections.add(
        new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < count;
          }

          @Override
          public JsonOut next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return part.apply(next++);
          }
        });
    return this;
  }

  /// One part for each token of the text.
  Parts words(String text, int to, Piece part) {
    sections.add(new Pieces(text, to, part, false));
    return this;
  }

  /// The text as the inside of a JSON string.
  Parts text(String text, int to) {
    sections.add(
        new Pieces(text, to, (of, from, end) -> new JsonOut().escaped(of, from, end), true));
    return this;
  }

  Iterator<JsonOut> iterator() {
    return new Iterator<>() {
      private int section;

      @Override
      public boolean hasNext() {
        while (section < sections.size() && !sections.get(section).hasNext()) {
          section++;
        }
        return section < sections.size();
      }

      @Override
      public JsonOut next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return sections.get(section).next();
      }
    };
  }

  private static final class Pieces implements Iterator<JsonOut> {
    private final String text;
    private final int to;
    private final Piece part;
    private final boolean chunks;
    private int at;

    Pieces(String text, int to, Piece part, boolean chunks) {
      this.text = text;
      this.to = to;
      this.part = part;
      this.chunks = chunks;
    }

    @Override
    public boolean hasNext() {
      return at < to;
    }

    @Override
    public JsonOut next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int from = at;
      at = chunks ? chunkEnd() : Words.end(text, from, to);
      return part.of(text, from, at);
    }

    private int chunkEnd() {
      int end = Math.min(to, at + CHUNK_CHARS);
      return end < to && Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }
  }
}
