package dev.gatewright.room.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What is wrong with a caller's overrides: the first few faults, and how many there are. However
/// many names a body brings, no more than these are kept. Not thread-safe.
public final class Violations {
  private static final int KEPT = 3;
  private static final int NAME_CHARACTERS_MAX = 40;

  /// A value at fault.
  ///
  /// @param pointer JSON pointer, its names cut
  /// @param fault what it is
  /// @param expected what it may be
  private record Violation(String pointer, String fault, String expected) {}

  private final List<Violation> first = new ArrayList<>();
  private int count;

  void add(String pointer, String fault, String expected) {
    count++;
    if (first.size() < KEPT) {
      first.add(new Violation(pointer, fault, expected));
    }
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /// The first place at fault.
  public String pointer() {
    return Objects.requireNonNull(first.getFirst()).pointer();
  }

  /// The first fault in full, where the next ones are, and how many there are besides.
  public String message() {
    Violation one = first.getFirst();
    StringBuilder text = new StringBuilder(one.pointer()).append(": ").append(one.fault());
    if (count > 1) {
      text.append("; wrong too: ")
          .append(String.join(", ", first.stream().skip(1).map(Violation::pointer).toList()));
    }
    if (count > first.size()) {
      text.append(" and ").append(count - first.size()).append(" more");
    }
    return text.append(" (expected: ").append(one.expected()).append(')').toString();
  }

  /// A caller's name as a step of a JSON pointer: cut, and without what a terminal or a log would
  /// trip over.
  public static String step(String name) {
    return cut(name, NAME_CHARACTERS_MAX).replace("~", "~0").replace("/", "~1");
  }

  /// The first characters of a caller's text, fit to be shown.
  public static String cut(String text, int charactersMax) {
    int end = Math.min(text.length(), charactersMax);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String head = text.substring(0, end).replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    return end < text.length() ? head + "…" : head;
  }
}
