package dev.gatewright.call.tap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The numbers an answer has reported of its tokens. Each report is a snapshot of the whole call,
/// so a later one replaces an earlier one, number by number; none are ever added up. -1 stands for
/// a number nobody has said. Confined to the call's event loop.
final class TokenReport {
  private static final int NUMBERS = AnswerShape.WEB_SEARCHES + 1;

  private static final int[] INPUTS = {
    AnswerShape.PROMPT,
    AnswerShape.INPUT,
    AnswerShape.CACHED,
    AnswerShape.CACHE_READ,
    AnswerShape.CACHE_WRITTEN,
    AnswerShape.CACHE_WRITTEN_INSIDE
  };

  /// Parts of the input, which are none of its own.
  private static final int[] INPUT_PARTS = {
    AnswerShape.CACHE_WRITTEN_1H, AnswerShape.INPUT_AUDIO, AnswerShape.INPUT_IMAGE
  };

  private static final int[] OUTPUTS = {
    AnswerShape.OUTPUT,
    AnswerShape.REASONING,
    AnswerShape.OUTPUT_AUDIO,
    AnswerShape.OUTPUT_IMAGE,
    AnswerShape.WEB_SEARCHES
  };

  private static final int[] PARTS = {
    AnswerShape.CACHE_WRITTEN_1H,
    AnswerShape.INPUT_AUDIO,
    AnswerShape.INPUT_IMAGE,
    AnswerShape.OUTPUT_AUDIO,
    AnswerShape.OUTPUT_IMAGE,
    AnswerShape.WEB_SEARCHES
  };

  /// Leaf meters, as rows and prices call them.
  private static final List<String> PART_NAMES =
      List.of(
          "cache_write_1h",
          "input_audio",
          "input_image",
          "output_audio",
          "output_image",
          "web_search");

  private final long[] now = new long[NUMBERS];
  private final long[] known = new long[NUMBERS];

  /// What the answer's first event guessed of its output.
  private long guess = -1;

  private long input = -1;
  private long output = -1;

  TokenReport() {
    Arrays.fill(known, -1);
    begin();
  }

  /// A snapshot begins.
  void begin() {
    Arrays.fill(now, -1);
  }

  /// @param mark of [AnswerShape], from `PROMPT` to `WEB_SEARCHES`
  /// @param number negative = not to be understood, so not said
  void say(int mark, long number) {
    if (number >= 0) {
      now[mark] = number;
    }
  }

  /// The snapshot has ended.
  ///
  /// @param begun it stands at the answer's beginning: its output is a guess
  void end(boolean begun) {
    long input = 0;
    for (int mark : INPUTS) {
      input += Math.max(0, now[mark]);
    }
    // A report without any input must not erase what an earlier one said.
    if (input > 0 || !hasInput()) {
      take(INPUTS);
      take(INPUT_PARTS);
    }
    if (now[AnswerShape.OUTPUT] >= 0 && begun) {
      guess = now[AnswerShape.OUTPUT];
    } else {
      take(OUTPUTS);
    }
    if (input > 0 || now[AnswerShape.OUTPUT] >= 0 || now[AnswerShape.TOTAL] >= 0) {
      // A total belongs to the numbers it came with.
      known[AnswerShape.TOTAL] = now[AnswerShape.TOTAL];
    }
  }

  private void take(int[] marks) {
    for (int mark : marks) {
      if (now[mark] >= 0) {
        known[mark] = now[mark];
      }
    }
  }

  private boolean hasInput() {
    return known[AnswerShape.PROMPT] > 0
        || known[AnswerShape.INPUT] > 0
        || said(AnswerShape.CACHE_READ) + said(AnswerShape.CACHE_WRITTEN) > 0;
  }

  /// Something of tokens has been said.
  boolean any() {
    for (int mark = 0; mark <= AnswerShape.REASONING; mark++) {
      if (known[mark] >= 0) {
        return true;
      }
    }
    return guess >= 0;
  }

  /// The snapshot that has just ended said something of the output.
  boolean saysOutput() {
    return now[AnswerShape.OUTPUT] >= 0 || now[AnswerShape.TOTAL] >= 0;
  }

  private long said(int mark) {
    return Math.max(0, known[mark]);
  }

  /// Works out input and output from what was said.
  ///
  /// @param writes the call has an output
  void settle(boolean writes) {
    long beside = said(AnswerShape.CACHE_READ) + said(AnswerShape.CACHE_WRITTEN);
    long inside = Math.max(said(AnswerShape.CACHED), beside);
    long total = known[AnswerShape.TOTAL];
    input = known[AnswerShape.PROMPT];
    output = writes ? known[AnswerShape.OUTPUT] : -1;
    if (input >= 0) {
      // `prompt_tokens` holds what the cache gave, unless that is more than it.
      input += inside > input ? inside : 0;
    } else if (known[AnswerShape.INPUT] >= 0) {
      input = known[AnswerShape.INPUT];
      boolean held = beside > 0 && output >= 0 && total == input + output;
      input += held ? 0 : beside > 0 ? beside : inside > input ? inside : 0;
    }
    if (total >= 0) {
      byTotal(total, inside, writes);
    }
    if (output >= 0 && said(AnswerShape.REASONING) > output) {
      // What was thought is more than what was written: it was not counted in.
      output += said(AnswerShape.REASONING);
    }
  }

  /// A total tells the number that is missing, and what neither of the two holds.
  private void byTotal(long total, long inside, boolean writes) {
    if (!writes) {
      input = input < 0 ? total : input;
    } else if (input < 0 && output >= 0) {
      input = Math.max(0, total - output);
    } else if (output < 0 && input >= 0) {
      output = Math.max(0, total - input);
    } else if (input >= 0) {
      long more = total - input - output;
      if (more > 0 && more == inside && more != said(AnswerShape.REASONING)) {
        input += more;
      } else if (more > 0) {
        output += more;
      }
    }
  }

  long total() {
    return known[AnswerShape.TOTAL];
  }

  /// After [#settle(boolean)]; -1 = not reported.
  long input() {
    return input;
  }

  /// After [#settle(boolean)]; -1 = not reported.
  long output() {
    return output;
  }

  /// What the first event guessed of the output; -1 = nothing.
  long guess() {
    return guess;
  }

  /// The last word so far on the output, as it was said; -1 = there is none.
  long outputSoFar() {
    return Math.max(known[AnswerShape.OUTPUT], guess);
  }

  long cached() {
    return Math.max(said(AnswerShape.CACHED), said(AnswerShape.CACHE_READ));
  }

  long cacheWritten() {
    return Math.max(said(AnswerShape.CACHE_WRITTEN), said(AnswerShape.CACHE_WRITTEN_INSIDE));
  }

  long reasoning() {
    return said(AnswerShape.REASONING);
  }

  /// Meters priced apart, raw; null = there are none.
  @Nullable Map<String, Long> parts() {
    Map<String, Long> parts = null;
    for (int i = 0; i < PARTS.length; i++) {
      if (known[PARTS[i]] > 0) {
        parts = parts == null ? new TreeMap<>() : parts;
        parts.put(PART_NAMES.get(i), known[PARTS[i]]);
      }
    }
    return parts;
  }
}
