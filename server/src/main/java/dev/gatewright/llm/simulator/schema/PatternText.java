package dev.gatewright.llm.simulator.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a text that a regular expression matches, by construction: it reads the common subset
/// (literals, classes, groups, alternatives, counts, anchors) and never runs the expression.
/// Confined to one thread, used once.
final class PatternText {
  private static final int PATTERN_CHARS_MAX = 1_000;
  private static final int GROUPS_MAX = 20;

  /// What is not in the subset. Carries no stack.
  private static final class Unknown extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Unknown() {
      super(null, null, false, false);
    }
  }

  private final String pattern;
  private final int stretch;
  private final Work work;
  private int at;
  private int groups;

  private PatternText(String pattern, int stretch, Work work) {
    this.pattern = pattern;
    this.stretch = stretch;
    this.work = work;
  }

  /// @param lengthMin characters the text should have at least
  /// @return null when the expression is not in the subset
  static @Nullable String of(String pattern, int lengthMin, int lengthMax, Work work) {
    if (pattern.length() > PATTERN_CHARS_MAX) {
      return null;
    }
    String shortest = null;
    for (int stretch : new int[] {0, 1, lengthMin, lengthMin / 2, lengthMin / 4}) {
      String text = text(pattern, stretch, work);
      if (text == null) {
        return null;
      }
      if (text.length() >= lengthMin && text.length() <= lengthMax) {
        return text;
      }
      shortest = shortest == null ? text : shortest;
    }
    return shortest;
  }

  private static @Nullable String text(String pattern, int stretch, Work work) {
    try {
      PatternText reader = new PatternText(pattern, stretch, work);
      String text = reader.alternatives();
      return reader.at == pattern.length() ? text : null;
    } catch (Unknown _) {
      return null;
    }
  }

  private String alternatives() {
    String first = sequence();
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      sequence();
    }
    return first;
  }

  private String sequence() {
    StringBuilder text = new StringBuilder();
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      char c = pattern.charAt(at);
      if (c == '^' || c == '$') {
        at++;
        continue;
      }
      String atom = atom();
      int count = count();
      work.spend(1 + count * atom.length() / 64);
      if (text.length() + (long) count * atom.length() > SchemaInstance.CHARS_MAX) {
        throw new Work.Exhausted();
      }
      text.repeat(atom, count);
    }
    return text.toString();
  }

  /// How often the atom just read is written.
  private int count() {
    if (at == pattern.length()) {
      return 1;
    }
    int min;
    boolean open = true;
    switch (pattern.charAt(at)) {
      case '*' -> min = 0;
      case '+' -> min = 1;
      case '?' -> {
        min = 0;
        open = false;
      }
      case '{' -> {
        int end = pattern.indexOf('}', at);
        String[] bounds = (end < 0 ? "x" : pattern.substring(at + 1, end)).split(",", -1);
        if (bounds.length > 2 || !bounds[0].matches("[0-9]{1,5}")) {
          throw new Unknown();
        }
        at = end;
        min = Integer.parseInt(bounds[0]);
        int max = min;
        if (bounds.length == 2) {
          max = bounds[1].matches("[0-9]{1,5}") ? Integer.parseInt(bounds[1]) : 99_999;
        }
        at++;
        lazy();
        return Math.min(max, Math.max(min, stretch));
      }
      default -> {
        return 1;
      }
    }
    at++;
    lazy();
    return open ? Math.max(min, stretch) : min;
  }

  private void lazy() {
    if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+')) {
      at++;
    }
  }

  private String atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> String.valueOf(oneOfClass());
      case '.' -> "a";
      case '\\' -> escape();
      case '*', '+', '?', '{', ']', '}' -> {
        if (c == ']' || c == '}') {
          yield String.valueOf(c);
        }
        throw new Unknown();
      }
      default -> String.valueOf(c);
    };
  }

  private String group() {
    if (++groups > GROUPS_MAX) {
      throw new Unknown();
    }
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (pattern.startsWith("?", at)) {
      int name = pattern.startsWith("?<", at) ? pattern.indexOf('>', at) : -1;
      char next = at + 2 < pattern.length() ? pattern.charAt(at + 2) : '=';
      if (name < 0 || next == '=' || next == '!') {
        throw new Unknown();
      }
      at = name + 1;
    }
    String text = alternatives();
    if (at == pattern.length()) {
      throw new Unknown();
    }
    at++;
    return text;
  }

  private String escape() {
    if (at == pattern.length()) {
      throw new Unknown();
    }
    char c = pattern.charAt(at++);
    return switch (c) {
      case 'd' -> "1";
      case 'w', 'D', 'S' -> "a";
      case 's', 'W' -> " ";
      case 'b', 'A', 'Z', 'z' -> "";
      case 't' -> "\t";
      case 'n' -> "\n";
      case 'r' -> "\r";
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw new Unknown();
        }
        yield String.valueOf(c);
      }
    };
  }

  /// The first member of a class; for a negated one, something that is not in it.
  private char oneOfClass() {
    boolean negated = pattern.startsWith("^", at);
    at += negated ? 1 : 0;
    List<char[]> ranges = new ArrayList<>();
    boolean first = true;
    while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
      first = false;
      char from = classMember(ranges);
      char to = from;
      boolean range =
          at + 1 < pattern.length() && pattern.charAt(at) == '-' && pattern.charAt(at + 1) != ']';
      if (range) {
        at++;
        to = classMember(ranges);
      }
      ranges.add(new char[] {from, to});
    }
    if (at == pattern.length() || ranges.isEmpty()) {
      throw new Unknown();
    }
    at++;
    return negated ? outside(ranges) : ranges.getFirst()[0];
  }

  private char classMember(List<char[]> ranges) {
    char c = pattern.charAt(at++);
    if (c != '\\') {
      return c;
    }
    if (at == pattern.length()) {
      throw new Unknown();
    }
    char escaped = pattern.charAt(at++);
    return switch (escaped) {
      case 'd' -> range(ranges, '0', '9');
      case 'w' -> {
        ranges.add(new char[] {'A', 'Z'});
        ranges.add(new char[] {'0', '9'});
        yield range(ranges, 'a', 'z');
      }
      case 's' -> ' ';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      default -> {
        if (Character.isLetterOrDigit(escaped)) {
          throw new Unknown();
        }
        yield escaped;
      }
    };
  }

  private static char range(List<char[]> ranges, char from, char to) {
    ranges.add(new char[] {from, to});
    return from;
  }

  private static char outside(List<char[]> ranges) {
    String candidates = "a0 _-.Az~";
    for (int i = 0; i < candidates.length(); i++) {
      char c = candidates.charAt(i);
      if (ranges.stream().noneMatch(range -> c >= range[0] && c <= range[1])) {
        return c;
      }
    }
    throw new Unknown();
  }
}
