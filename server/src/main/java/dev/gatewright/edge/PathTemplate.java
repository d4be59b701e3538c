package dev.gatewright.edge;

import java.util.ArrayList;
import java.util.List;

/// The shape of a path in the route table, matched on the checked raw path without decoding.
///
/// Literal text stands for itself; `{name}` is one non-empty segment; `{name*}` at the end is an id
/// that is the rest of the path (an encoded slash may stand in it, and only there); `*` at the end
/// is any rest, also none. Immutable.
final class PathTemplate {
  private sealed interface Piece {
    /// Index behind what this piece takes of `path` from `at` on, or -1.
    int take(String path, int at);
  }

  private record Literal(String text) implements Piece {
    @Override
    public int take(String path, int at) {
      return path.startsWith(text, at) ? at + text.length() : -1;
    }
  }

  private record Segment() implements Piece {
    @Override
    public int take(String path, int at) {
      int slash = path.indexOf('/', at);
      int end = slash < 0 ? path.length() : slash;
      return end == at ? -1 : end;
    }
  }

  private record Rest(boolean mayBeEmpty) implements Piece {
    @Override
    public int take(String path, int at) {
      return mayBeEmpty || at < path.length() ? path.length() : -1;
    }
  }

  private final String text;
  private final List<Piece> pieces;
  private final boolean literal;
  private final boolean restIsId;

  private PathTemplate(String text, List<Piece> pieces, boolean restIsId) {
    this.text = text;
    this.pieces = List.copyOf(pieces);
    this.literal = pieces.size() == 1 && pieces.getFirst() instanceof Literal;
    this.restIsId = restIsId;
  }

  static PathTemplate parse(String template) {
    if (!template.startsWith("/")) {
      throw new IllegalArgumentException("template: %s (expected: /…)".formatted(template));
    }
    List<Piece> pieces = new ArrayList<>();
    boolean restIsId = false;
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      int end = c == '{' ? template.indexOf('}', at) + 1 : literalEnd(template, at);
      if (c == '*' || template.startsWith("*}", end - 2)) {
        restIsId = c == '{';
        end = c == '*' ? at + 1 : end;
        pieces.add(new Rest(c == '*'));
        if (end != template.length()) {
          throw new IllegalArgumentException(
              "template: %s (expected: * only at the end)".formatted(template));
        }
      } else {
        pieces.add(c == '{' ? new Segment() : new Literal(template.substring(at, end)));
      }
      at = end;
    }
    return new PathTemplate(template.replace("*}", "}"), pieces, restIsId);
  }

  private static int literalEnd(String template, int at) {
    int end = at;
    while (end < template.length() && template.charAt(end) != '{' && template.charAt(end) != '*') {
      end++;
    }
    return end;
  }

  boolean matches(String path) {
    if (literal) {
      return path.equals(text);
    }
    int at = 0;
    for (int i = 0; i < pieces.size(); i++) {
      at = pieces.get(i).take(path, at);
      if (at < 0) {
        return false;
      }
    }
    return at == path.length();
  }

  /// As logs and documents show it: `/v1/models/{id}`.
  String text() {
    return text;
  }

  /// Fits one path alone, its own text.
  boolean literal() {
    return literal;
  }

  /// Ends in `{name*}`.
  boolean restIsId() {
    return restIsId;
  }
}
