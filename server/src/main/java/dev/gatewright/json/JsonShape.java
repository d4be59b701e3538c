package dev.gatewright.json;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The part of a JSON document we act on, as a tree of names; all else is walked over unseen.
/// Immutable; built once per endpoint and shared by all calls.
///
/// @param mark what a [JsonListener] is told when a value stands here; [#UNMARKED] = nothing
/// @param captured the listener wants a scalar's text, not only its place and length
/// @param members what is watched where an object stands here, in the order of being looked for
/// @param element what is watched in each element where an array stands here
public record JsonShape(
    int mark, boolean captured, List<Member> members, @Nullable JsonShape element) {
  public static final int UNMARKED = 0;

  public JsonShape {
    members = List.copyOf(members);
    if (members.size() > Long.SIZE) {
      throw new IllegalArgumentException("members: %d (expected: ≤ 64)".formatted(members.size()));
    }
  }

  /// A watched name, in lower-case ASCII as the dialects define them.
  public record Member(String name, JsonShape shape) {
    public Member {
      if (!name.equals(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("name: %s (expected: lower case)".formatted(name));
      }
    }
  }

  public static Member member(String name, JsonShape shape) {
    return new Member(name, shape);
  }

  /// A value of which kind, place and length are told.
  public static JsonShape place(int mark) {
    return new JsonShape(mark, false, List.of(), null);
  }

  /// A scalar of which the text is told as well.
  public static JsonShape text(int mark) {
    return new JsonShape(mark, true, List.of(), null);
  }

  public static JsonShape object(Member... members) {
    return new JsonShape(UNMARKED, false, List.of(members), null);
  }

  public static JsonShape array(JsonShape element) {
    return new JsonShape(UNMARKED, false, List.of(), element);
  }

  public JsonShape marked(int newMark) {
    return new JsonShape(newMark, captured, members, element);
  }

  /// Where an array or something else may stand: `element` applies to the array's elements.
  public JsonShape orArrayOf(JsonShape newElement) {
    return new JsonShape(mark, captured, members, newElement);
  }

  /// Index of the member whose name these bytes are but for the case of ASCII letters; -1 = none.
  int find(byte[] source, int from, int length) {
    for (int i = 0; i < members.size(); i++) {
      String name = members.get(i).name();
      if (name.length() == length && equalsIgnoringCase(name, source, from)) {
        return i;
      }
    }
    return -1;
  }

  boolean exact(int index, byte[] source, int from) {
    String name = members.get(index).name();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != source[from + i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalsIgnoringCase(String lower, byte[] source, int from) {
    for (int i = 0; i < lower.length(); i++) {
      byte b = source[from + i];
      int expected = lower.charAt(i);
      if (b != expected && !(b >= 'A' && b <= 'Z' && b + 32 == expected)) {
        return false;
      }
    }
    return true;
  }
}
