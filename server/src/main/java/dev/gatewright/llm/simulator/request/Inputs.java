package dev.gatewright.llm.simulator.request;

import dev.gatewright.edge.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be embedded, each reduced to a hash, or drawn. Confined to one thread.
final class Inputs {
  /// As OpenAI has it.
  static final int INPUTS_MAX = 2_048;

  /// Numbers of one answer: the longest list with the largest model's vectors.
  static final int NUMBERS_MAX = INPUTS_MAX * 3_072;

  private final List<Long> hashes = new ArrayList<>();
  private int words;
  private boolean empty;
  private boolean flat;
  private int allFrom;
  private int oneFrom;

  @Nullable Refusal text(Mark place, String text) {
    words += Words.count(text);
    empty |= text.isEmpty();
    return place == Mark.INPUT_TOKEN ? invalid("tokens are numbers") : add(Noise.hash(text));
  }

  private @Nullable Refusal add(long hash) {
    if (hashes.size() == INPUTS_MAX) {
      return invalid("too many (expected: ≤ %d)".formatted(INPUTS_MAX));
    }
    hashes.add(hash);
    return null;
  }

  @Nullable Refusal opened(Mark place, int from) {
    if (place == Mark.INPUT) {
      allFrom = from;
    } else {
      oneFrom = from;
    }
    return place == Mark.INPUT_TOKEN ? invalid("lists in lists of tokens") : null;
  }

  /// A token: of a list of its own, or the whole input is one list.
  @Nullable Refusal token(Mark place) {
    words++;
    flat |= place == Mark.INPUT_ONE;
    return place == Mark.INPUT ? invalid("a number") : null;
  }

  void closed(byte[] body, int to) {
    if (hashes.size() < INPUTS_MAX) {
      add(Noise.hash(body, oneFrom, to));
    }
  }

  void allClosed(byte[] body, int to) {
    if (flat) {
      add(Noise.hash(body, allFrom, to));
    }
  }

  void prompt(String text) {
    empty |= text.isEmpty();
    add(Noise.hash(text));
    words += Words.count(text);
  }

  private static Refusal invalid(String fault) {
    return Refusal.invalid("input: " + fault, "input");
  }

  @Nullable Refusal fault(Form form, int dimensions) {
    if (form == Form.IMAGES) {
      return hashes.isEmpty() || empty
          ? Refusal.invalid("prompt: missing (expected: a text)", "prompt")
          : null;
    }
    if (form != Form.EMBEDDINGS) {
      return null;
    }
    if (hashes.isEmpty() || empty) {
      return invalid("%s (expected: a text)".formatted(empty ? "an empty text" : "missing"));
    }
    return (long) hashes.size() * dimensions > NUMBERS_MAX
        ? invalid(
            "%d × %d numbers (expected: ≤ %d)".formatted(hashes.size(), dimensions, NUMBERS_MAX))
        : null;
  }

  int words() {
    return words;
  }

  List<Long> hashes() {
    return List.copyOf(hashes);
  }
}
