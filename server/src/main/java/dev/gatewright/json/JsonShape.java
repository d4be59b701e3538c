package dev.gatewright.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The part of a JSON document we act on, as a tree of names; all else is walked over unseen.
/// Immutable; built once per endpoint and shared by all calls.
public final class JsonShape {
  public static final int UNMARKED = 0;

  private static final int NAME_BYTES_MAX = 63;

  private final int mark;
  private final boolean captured;
  private final List<Member> members;
  private final @Nullable JsonShape element;
  private final @Nullable JsonShape rest;

  /// It holds at any depth: for the elements and for the members not named.
  private final boolean deep;

  /// What holds below: itself, without the mark and the text that only this place has. Null =
  /// itself.
  private final @Nullable JsonShape below;

  /// The members' names as bytes, shorter ones first, and where the names of each length begin:
  /// most names of a document are of none of these lengths, and are passed by with one look.
  private final byte[][] names;

  private final byte[] ofLength = new byte[NAME_BYTES_MAX + 2];

  /// @param mark what a [JsonListener] is told when a value stands here; [#UNMARKED] = nothing
  /// @param captured the listener wants a scalar's text, not only its place and length
  /// @param members what is watched where an object stands here
  /// @param element what is watched in each element where an array stands here
  /// @param rest what is watched in the members that are not named
  private JsonShape(
      int mark,
      boolean captured,
      List<Member> members,
      @Nullable JsonShape element,
      @Nullable JsonShape rest,
      boolean deep,
      @Nullable JsonShape below) {
    if (members.size() > Long.SIZE) {
      throw new IllegalArgumentException("members: %d (expected: ≤ 64)".formatted(members.size()));
    }
    this.mark = mark;
    this.captured = captured;
    this.element = element;
    this.rest = rest;
    this.deep = deep;
    this.below = below;
    this.members =
        members.stream().sorted(Comparator.comparingInt(each -> each.name().length())).toList();
    names = new byte[members.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = this.members.get(i).name().getBytes(StandardCharsets.US_ASCII);
      for (int length = names[i].length + 1; length < ofLength.length; length++) {
        ofLength[length]++;
      }
    }
  }

  int mark() {
    return mark;
  }

  boolean captured() {
    return captured;
  }

  @Nullable JsonShape element() {
    return deep ? below() : element;
  }

  /// What is watched in a member that is not named.
  @Nullable JsonShape rest() {
    return deep ? below() : rest;
  }

  private JsonShape below() {
    return below == null ? this : below;
  }

  boolean watchesNames() {
    return names.length > 0;
  }

  /// Nothing inside an object or array that stands here is watched.
  boolean watchesNothingInside() {
    return names.length == 0 && element == null && rest == null && !deep;
  }

  Member member(int index) {
    return members.get(index);
  }

  /// A watched name, in lower-case ASCII as the dialects define them.
  public record Member(String name, JsonShape shape) {
    public Member {
      if (name.length() > NAME_BYTES_MAX || !name.equals(name.toLowerCase(Locale.ROOT))) {
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
    return new JsonShape(mark, false, List.of(), null, null, false, null);
  }

  /// A scalar of which the text is told as well.
  public static JsonShape text(int mark) {
    return new JsonShape(mark, true, List.of(), null, null, false, null);
  }

  public static JsonShape object(Member... members) {
    return new JsonShape(UNMARKED, false, List.of(members), null, null, false, null);
  }

  public static JsonShape array(JsonShape element) {
    return new JsonShape(UNMARKED, false, List.of(), element, null, false, null);
  }

  /// These members at any depth; below each of them, what its own shape says.
  public static JsonShape anywhere(Member... members) {
    return new JsonShape(UNMARKED, false, List.of(members), null, null, true, null);
  }

  public JsonShape marked(int newMark) {
    return new JsonShape(newMark, captured, members, element, rest, deep, below());
  }

  /// Where a scalar stands here instead, its text is told.
  public JsonShape orText(int newMark) {
    return new JsonShape(newMark, true, members, element, rest, deep, below());
  }

  /// Where an array or something else may stand: `element` applies to the array's elements.
  public JsonShape orArrayOf(JsonShape newElement) {
    return new JsonShape(mark, captured, members, newElement, rest, deep, below());
  }

  /// Members that are not named have this shape.
  public JsonShape others(JsonShape newRest) {
    return new JsonShape(mark, captured, members, element, newRest, deep, below());
  }

  /// Index of the member whose name these bytes are but for the case of ASCII letters; -1 = none.
  int find(byte[] source, int from, int length) {
    if (length > NAME_BYTES_MAX) {
      return -1;
    }
    for (int i = ofLength[length]; i < ofLength[length + 1]; i++) {
      if (equalsIgnoringCase(names[i], source, from)) {
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
