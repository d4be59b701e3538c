package dev.gatewright.json;

import dev.gatewright.json.JsonShape.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks over one JSON document (RFC 8259, strictly), fed in parts split at any byte, and tells a
/// listener of the marked values of a shape. Builds no tree; its memory does not grow with the
/// document. Confined to one thread.
///
/// With `strictNames` a watched name that appears twice in one object, or in another letter case,
/// is a problem: what we read and what the provider reads must be the same value.
public final class JsonWalker {
  /// Deeper documents are refused; providers' own decoders allow about as much.
  public static final int DEPTH_MAX = 512;

  /// Texts that are longer are not told.
  public static final int TEXT_BYTES_MAX = JsonToken.BYTES_MAX;

  private static final int SHAPED_LEVELS = 16;

  private static final int VALUE = 0;
  private static final int FIRST_ELEMENT = 1;
  private static final int FIRST_NAME = 2;
  private static final int NAME = 3;
  private static final int COLON = 4;
  private static final int AFTER = 5;
  private static final int DONE = 6;
  private static final int STRING = 7;
  private static final int NUMBER = 8;
  private static final int LITERAL = 9;

  private final JsonShape root;
  private final JsonListener listener;
  private final boolean strictNames;

  private int state = VALUE;
  private int depth;
  private final long[] objects = new long[DEPTH_MAX / Long.SIZE + 1];
  private final @Nullable JsonShape[] shapes = new @Nullable JsonShape[SHAPED_LEVELS + 1];
  private final long[] seen = new long[SHAPED_LEVELS + 1];
  private @Nullable JsonShape memberShape;

  private long fedBefore;
  private @Nullable String problem;
  private @Nullable String problemParam;

  private final JsonToken token = new JsonToken();
  private final JsonStrings strings = new JsonStrings();
  private final JsonScalars scalars = new JsonScalars();
  private boolean inName;
  private @Nullable JsonShape current;
  private JsonKind kind = JsonKind.NULL;
  private long start;
  private long end;
  private boolean empty;

  public JsonWalker(JsonShape root, JsonListener listener, boolean strictNames) {
    this.root = root;
    this.listener = listener;
    this.strictNames = strictNames;
  }

  /// Begins a new document.
  public void reset() {
    state = VALUE;
    depth = 0;
    fedBefore = 0;
    problem = null;
    problemParam = null;
  }

  /// Takes the next bytes; false once the document is not well-formed.
  public boolean feed(byte[] part, int from, int to) {
    if (state == STRING || state == NUMBER) {
      token.resume(from);
    }
    int at = from;
    while (at < to && problem == null) {
      at =
          switch (state) {
            case STRING -> string(part, at, to, from);
            case NUMBER -> number(part, at, to, from);
            case LITERAL -> literal(part, at, to, from);
            default -> structure(part, at, to, from);
          };
    }
    if ((state == STRING || state == NUMBER) && tokenWanted()) {
      token.keep(part, to);
    }
    fedBefore += to - from;
    return problem == null;
  }

  /// The document has ended; false when it is not whole.
  public boolean finish() {
    if (problem == null && state == NUMBER && depth == 0 && scalars.numberMayEnd()) {
      state = DONE;
    }
    if (problem == null && state != DONE) {
      problem = "the document ends too early, after byte " + fedBefore;
    }
    return problem == null;
  }

  /// What is wrong with the document, null as long as nothing is.
  public @Nullable String problem() {
    return problem;
  }

  /// The field at fault, where one is.
  public @Nullable String problemParam() {
    return problemParam;
  }

  /// The document is complete; only white space may follow.
  public boolean done() {
    return state == DONE;
  }

  public JsonKind kind() {
    return kind;
  }

  /// Offset of the value's first byte in the document.
  public long start() {
    return start;
  }

  /// Offset behind the value's last byte; behind its bracket where an object or array begins.
  public long end() {
    return end;
  }

  /// In [JsonListener#closed]: the object or array had nothing in it.
  public boolean empty() {
    return empty;
  }

  /// A captured scalar's text; null when it is longer than [#TEXT_BYTES_MAX].
  public @Nullable String text() {
    return token.text();
  }

  /// How a captured scalar's text begins, however long it is.
  public String textStart() {
    return token.start();
  }

  /// A captured whole number; -1 for all else.
  public long number() {
    return kind == JsonKind.NUMBER ? token.number() : -1;
  }

  /// UTF-8 bytes of a string's text, escapes resolved.
  public long textBytes() {
    return kind == JsonKind.STRING ? end - start - 2 - strings.escapeOverhead() : 0;
  }

  private boolean tokenWanted() {
    return (inName && state == STRING) || (current != null && current.captured());
  }

  private int structure(byte[] part, int from, int to, int partFrom) {
    int at = from;
    while (at < to) {
      byte b = part[at];
      if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
        at++;
        continue;
      }
      long offset = fedBefore + (at - partFrom);
      at++;
      step(b, at, offset);
      if (problem != null) {
        return at;
      }
      if (state >= STRING) {
        // Most tokens lie within one part: straight on, without a turn through `feed`.
        at =
            switch (state) {
              case STRING -> string(part, at, to, partFrom);
              case NUMBER -> number(part, at - 1, to, partFrom);
              default -> literal(part, at - 1, to, partFrom);
            };
        if (problem != null || state >= STRING) {
          return at;
        }
      }
    }
    return at;
  }

  private void step(byte b, int next, long offset) {
    switch (state) {
      case VALUE -> value(b, next, offset);
      case FIRST_ELEMENT -> {
        if (b == ']') {
          close(offset, true);
        } else {
          value(b, next, offset);
        }
      }
      case FIRST_NAME, NAME -> {
        if (b == '"') {
          beginString(next, offset, true);
        } else if (b == '}' && state == FIRST_NAME) {
          close(offset, true);
        } else {
          unexpected(b, offset, "a name in quotes");
        }
      }
      case COLON -> {
        if (b == ':') {
          state = VALUE;
        } else {
          unexpected(b, offset, "a colon");
        }
      }
      case AFTER -> after(b, offset);
      default -> unexpected(b, offset, "the end of the document");
    }
  }

  private void after(byte b, long offset) {
    boolean object = inObject();
    if (b == ',') {
      state = object ? NAME : VALUE;
    } else if (b == (object ? '}' : ']')) {
      close(offset, false);
    } else {
      unexpected(b, offset, object ? "a comma or }" : "a comma or ]");
    }
  }

  private void value(byte b, int next, long offset) {
    current = shapeHere();
    start = offset;
    switch (b) {
      case '{' -> open(JsonKind.OBJECT, FIRST_NAME);
      case '[' -> open(JsonKind.ARRAY, FIRST_ELEMENT);
      case '"' -> beginString(next, offset, false);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        kind = JsonKind.NUMBER;
        token.begin(next - 1);
        scalars.beginNumber();
        state = NUMBER;
      }
      case 't' -> beginLiteral(JsonKind.TRUE);
      case 'f' -> beginLiteral(JsonKind.FALSE);
      case 'n' -> beginLiteral(JsonKind.NULL);
      default -> unexpected(b, offset, "a value");
    }
  }

  private void beginLiteral(JsonKind literal) {
    kind = literal;
    scalars.beginLiteral(literal);
    state = LITERAL;
  }

  private void beginString(int next, long offset, boolean name) {
    start = name ? start : offset;
    inName = name;
    kind = JsonKind.STRING;
    token.begin(next);
    strings.begin();
    state = STRING;
  }

  private @Nullable JsonShape shapeHere() {
    if (depth == 0) {
      return root;
    }
    JsonShape around = depth <= SHAPED_LEVELS ? shapes[depth] : null;
    if (around == null) {
      return null;
    }
    return inObject() ? memberShape : around.element();
  }

  private boolean inObject() {
    return (objects[depth >> 6] & 1L << depth) != 0;
  }

  private void open(JsonKind opened, int next) {
    if (depth == DEPTH_MAX) {
      problem = "nested deeper than %d levels".formatted(DEPTH_MAX);
      return;
    }
    kind = opened;
    end = start + 1;
    JsonShape shape = current;
    depth++;
    long bit = 1L << depth;
    if (opened == JsonKind.OBJECT) {
      objects[depth >> 6] |= bit;
    } else {
      objects[depth >> 6] &= ~bit;
    }
    if (depth <= SHAPED_LEVELS) {
      shapes[depth] = shape;
      seen[depth] = 0;
    }
    state = next;
    if (shape != null && shape.mark() != JsonShape.UNMARKED) {
      listener.value(shape.mark(), this);
    }
  }

  private void close(long offset, boolean nothingInside) {
    JsonShape shape = depth <= SHAPED_LEVELS ? shapes[depth] : null;
    kind = inObject() ? JsonKind.OBJECT : JsonKind.ARRAY;
    end = offset + 1;
    empty = nothingInside;
    depth--;
    state = depth == 0 ? DONE : AFTER;
    if (shape != null && shape.mark() != JsonShape.UNMARKED) {
      listener.closed(shape.mark(), this);
    }
  }

  private int string(byte[] part, int from, int to, int partFrom) {
    int at = strings.scan(part, from, to);
    if (strings.problem() != null) {
      problem = strings.problem() + " at byte " + (fedBefore + (at - partFrom));
      return at;
    }
    if (!strings.ended()) {
      return at;
    }
    token.end(part, at - 1);
    token.plain = strings.plain();
    if (inName) {
      state = COLON;
      memberShape = depth <= SHAPED_LEVELS ? named(shapes[depth]) : null;
    } else {
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private int number(byte[] part, int from, int to, int partFrom) {
    int at = scalars.number(part, from, to);
    if (at < to) {
      if (!scalars.numberMayEnd()) {
        unexpected(part[at], fedBefore + (at - partFrom), "a digit");
        return at;
      }
      token.end(part, at);
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private int literal(byte[] part, int from, int to, int partFrom) {
    int at = scalars.literal(part, from, to);
    if (scalars.literalBroken()) {
      unexpected(part[at], fedBefore + (at - partFrom), "true, false or null");
    } else if (scalars.literalEnded()) {
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private void scalarEnded(long offset) {
    end = offset;
    state = depth == 0 ? DONE : AFTER;
    JsonShape shape = current;
    if (shape != null && shape.mark() != JsonShape.UNMARKED) {
      listener.value(shape.mark(), this);
    }
  }

  /// The shape of the member whose name has just ended, null when nobody watches it.
  private @Nullable JsonShape named(@Nullable JsonShape around) {
    if (around == null || !around.watchesNames() || token.tooLong()) {
      return null;
    }
    byte[] name = token.source;
    int from = token.from;
    int length = token.length;
    boolean exactSoFar = true;
    if (!token.plain) {
      String text = JsonText.decode(name, from, length);
      name = JsonText.folded(text);
      from = 0;
      length = name.length;
      exactSoFar = Arrays.equals(name, text.getBytes(StandardCharsets.UTF_8));
    }
    int index = around.find(name, from, length);
    if (index < 0) {
      return null;
    }
    Member member = around.member(index);
    boolean exact = exactSoFar && around.exact(index, name, from);
    if (!strictNames) {
      return exact ? member.shape() : null;
    }
    if (!exact) {
      return refuseName(member, "the name `%s` must be written in exactly this case");
    }
    if ((seen[depth] & 1L << index) != 0) {
      return refuseName(member, "the name `%s` appears twice");
    }
    seen[depth] |= 1L << index;
    return member.shape();
  }

  private @Nullable JsonShape refuseName(Member member, String message) {
    problem = message.formatted(member.name());
    problemParam = member.name();
    return null;
  }

  private void unexpected(byte b, long offset, String expected) {
    String found = b > 0x20 && b < 0x7f ? "`" + (char) b + "`" : "byte 0x%02x".formatted(b & 0xff);
    problem = "found %s at byte %d (expected: %s)".formatted(found, offset, expected);
  }
}
