package dev.gatewright.llm;

import dev.gatewright.llm.SimScript.Part;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;

/// The events of a simulated stream, each made when it leaves, so a long story is never in memory
/// as events.
final class SimEvents {
  private final List<Iterator<Part>> sections = new ArrayList<>();

  SimEvents then(Supplier<byte[]> event) {
    sections.add(
        new Iterator<>() {
          private boolean done;

          @Override
          public boolean hasNext() {
            return !done;
          }

          @Override
          public Part next() {
            done = true;
            return Part.of(event.get(), 0);
          }
        });
    return this;
  }

  /// One event for each piece of text.
  SimEvents each(List<String> pieces, Function<String, byte[]> event) {
    sections.add(pieces.stream().map(piece -> Part.of(event.apply(piece), 1)).iterator());
    return this;
  }

  Iterator<Part> iterator() {
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
      public Part next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return sections.get(section).next();
      }
    };
  }
}
