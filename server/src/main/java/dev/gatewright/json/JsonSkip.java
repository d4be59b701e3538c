package dev.gatewright.json;

/// The inside of an object or array nobody watches, in an answer: walked over by its brackets and
/// strings alone, split at any byte. Confined to its walker.
final class JsonSkip {
  private int depth;
  private boolean inString;
  private boolean escaped;

  /// Behind the opening bracket.
  void begin() {
    depth = 1;
    inString = false;
    escaped = false;
  }

  boolean ended() {
    return depth == 0;
  }

  /// Goes on to the closing bracket; stops behind it, or at `to`.
  int skip(byte[] part, int from, int to) {
    int at = from;
    while (at < to && depth > 0) {
      if (escaped) {
        escaped = false;
        at++;
      } else if (inString) {
        at = JsonText.endOfAny(part, at, to);
        if (at < to) {
          escaped = part[at] == '\\';
          inString = escaped;
          at++;
        }
      } else {
        at = structure(part, at, to);
      }
    }
    return at;
  }

  private int structure(byte[] part, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = part[at];
      at++;
      if (b == '"') {
        inString = true;
        return at;
      }
      if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
        if (depth == 0) {
          return at;
        }
      }
    }
    return at;
  }
}
