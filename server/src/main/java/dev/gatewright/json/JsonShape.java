package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The part of a JSON document we act on, as a tree of names; all else is walked over unseen.
/// Immutable; built once per endpoint and shared by all calls.
public final class JsonShape {
  public static final int UNMARKED = 0;

  private final int mark;
  private final boolean captured;
  private final List<Member> members;
  private final @Nullable JsonShape element;

  /// The members' names as bytes, and a bit for each length among them: most names of a document
  /// are of none of these lengths, and are passed by with one look.
  private final byte[][] names;

  private final long lengths;

  /// @param mark what a [JsonListener] is told when a value stands here; [#UNMARKED] = nothing
  /// @param captured the listener wants a scalar's text, not only its place and length
  /// @param members what is watched where an object stands here, in the order of being looked for
  /// @param element what is watched in each element where an array stands here
  private JsonShape(int mark, boolean captured, List<Member> members, @Nullable JsonShape element) {
    this.mark = mark;
    this.captured = captured;
    this.members = List.copyOf(members);
    this.element = element;
    names = new byte[members.size()][];
    long bits = 0;
    for (int i = 0; i < names.length; i++) {
      names[i] = members.get(i).name().getBytes(StandardCharsets.US_ASCII);
      bits |= 1L << names[i].length;
    }
    lengths = bits;
    if (members.size() > Long.SIZE) {
      throw new IllegalArgumentException("members: %d (expected: ≤ 64)".formatted(members.size()));
    }
  }

  int mark() {
    return mark;
  }

  boolean captured() {
    return captured;
  }

  @Nullable JsonShape element() {
    return element;
  }

  boolean watchesNames() {
    return names.length > 0;
  }

  Member member(int index) {
    return members.get(index);
  }

  /// A watched name, in lower-case ASCII as the dialects define them.
  public record Member(String name, JsonShape shape) {
    public Member {
      if (name.length() >= Long.SIZE || !name.equals(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "name: %s (expected: lower case, fewer than 64 letters)".formatted(name));
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
    if (length >= Long.SIZE || (lengths & 1L << length) == 0) {
      return -1;
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].length == length && equalsIgnoringCase(names[i], source, from)) {
        return i;
      }
    }
    return -1;
  }

  boolean exact(int index, byte[] source, int from) {
    byte[] name = names[index];
    return Arrays.equals(name, 0, name.length, source, from, from + name.length);
  }

  private static boolean equalsIgnoringCase(byte[] lower, byte[] source, int from) {
    for (int i = 0; i < lower.length; i++) {
      byte b = source[from + i];
      if (b != lower[i] && !(b >= 'A' && b <= 'Z' && b + 32 == lower[i])) {
        return false;
      }
    }
    return true;
  }
}
