package dev.gatewright.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The objects and arrays a [JsonWalker] stands in, outermost first. Grows only as deep as
/// something is watched. Confined to its walker.
final class JsonLevels {
  private static final int USUAL = 8;
  private static final long[] NOTHING = {};

  private int depth;

  /// A bit for each level. Grows with the depth, as the two below grow with what is watched: most
  /// documents are flat, and each call walks over two.
  private long[] objects = new long[1];

  private @Nullable JsonShape[] shapes = new @Nullable JsonShape[USUAL];
  private long[] seen = NOTHING;

  void clear() {
    depth = 0;
  }

  int depth() {
    return depth;
  }

  /// @param shape what is watched inside; null = nothing
  void push(boolean object, @Nullable JsonShape shape) {
    depth++;
    if (depth >> 6 == objects.length) {
      objects = Arrays.copyOf(objects, 2 * objects.length);
    }
    long bit = 1L << depth;
    if (object) {
      objects[depth >> 6] |= bit;
    } else {
      objects[depth >> 6] &= ~bit;
    }
    if (depth >= shapes.length && shape != null) {
      shapes = Arrays.copyOf(shapes, Math.max(2 * shapes.length, depth + 1));
    }
    if (depth < shapes.length) {
      shapes[depth] = shape;
    }
    if (depth < seen.length) {
      seen[depth] = 0;
    }
  }

  void pop() {
    depth--;
  }

  boolean inObject() {
    return (objects[depth >> 6] & 1L << depth) != 0;
  }

  /// What is watched in the innermost one.
  @Nullable JsonShape shape() {
    return depth < shapes.length ? shapes[depth] : null;
  }

  /// False when the innermost object has had this member before.
  boolean first(int member) {
    if (depth >= seen.length) {
      seen = Arrays.copyOf(seen, shapes.length);
    }
    boolean first = (seen[depth] & 1L << member) == 0;
    seen[depth] |= 1L << member;
    return first;
  }
}
