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
///
/// A walker [of an answer][#ofAnswer] takes what real servers write beside the standard (raw
/// control characters, broken UTF-8, `NaN`), since it decides nothing, and walks over what nobody
/// watches by its brackets alone.
public final class JsonWalker {
  /// Deeper documents are refused; providers' own decoders allow about as much.
  public static final int DEPTH_MAX = 512;

  /// Texts that are longer are not told.
  public static final int TEXT_BYTES_MAX = JsonToken.BYTES_MAX;

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
  private static final int SKIP = 10;
  private static final int WORD = 11;

  private final JsonShape root;
  private final JsonListener listener;
  private final boolean strictNames;
  private final boolean lenient;

  private int state = VALUE;
  private final JsonLevels levels = new JsonLevels();
  private @Nullable JsonShape memberShape;

  private long fedBefore;
  private @Nullable String problem;
  private @Nullable String problemParam;

  private final JsonToken token = new JsonToken();
  private final JsonStrings strings;
  private final JsonSkip skip = new JsonSkip();
  private final JsonScalars scalars = new JsonScalars();
  private boolean inName;
  private @Nullable JsonShape current;
  private JsonKind kind = JsonKind.NULL;
  private long start;
  private long end;
  private long nameStart;
  private boolean empty;

  public JsonWalker(JsonShape root, JsonListener listener, boolean strictNames) {
    this(root, listener, strictNames, false);
  }

  private JsonWalker(JsonShape root, JsonListener listener, boolean strictNames, boolean lenient) {
    this.root = root;
    this.listener = listener;
    this.strictNames = strictNames;
    this.lenient = lenient;
    this.strings = new JsonStrings(lenient);
  }

  /// For what a server has written and we only read along.
  public static JsonWalker ofAnswer(JsonShape root, JsonListener listener) {
    return new JsonWalker(root, listener, false, true);
  }

  /// Begins a new document.
  public void reset() {
    state = VALUE;
    levels.clear();
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
      at = state < STRING ? structure(part, at, to, from) : token(part, at, to, from);
    }
    if ((state == STRING || state == NUMBER) && tokenWanted()) {
      token.keep(part, to);
    }
    fedBefore += to - from;
    return problem == null;
  }

  /// The document has ended; false when it is not whole.
  public boolean finish() {
    if (problem == null && state == NUMBER && levels.depth() == 0 && scalars.numberMayEnd()) {
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

  /// A captured whole number below 10^18, however it is written, as a string too; -1 for all else.
  public long number() {
    return kind == JsonKind.NUMBER || kind == JsonKind.STRING ? token.number() : -1;
  }

  /// A captured string is this text.
  public boolean is(byte[] ascii) {
    return kind == JsonKind.STRING && token.is(ascii);
  }

  /// Offset of the last name's opening quote: of a scalar that has ended, or of an object or array
  /// that has begun, it is its own.
  public long nameStart() {
    return nameStart;
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
        at = token(part, state == STRING || state == SKIP ? at : at - 1, to, partFrom);
        if (problem != null || state >= STRING) {
          return at;
        }
      }
    }
    return at;
  }

  private int token(byte[] part, int from, int to, int partFrom) {
    return switch (state) {
      case STRING -> string(part, from, to, partFrom);
      case NUMBER -> number(part, from, to, partFrom);
      case LITERAL -> literal(part, from, to, partFrom);
      case SKIP -> skipped(part, from, to, partFrom);
      default -> word(part, from, to, partFrom);
    };
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
      default -> {
        if (lenient) {
          listener.next();
          value(b, next, offset);
        } else {
          unexpected(b, offset, "the end of the document");
        }
      }
    }
  }

  private void after(byte b, long offset) {
    boolean object = levels.inObject();
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
      default -> {
        if (lenient && JsonScalars.letter(b)) {
          beginWord();
        } else {
          unexpected(b, offset, "a value");
        }
      }
    }
  }

  private void beginLiteral(JsonKind literal) {
    kind = literal;
    scalars.beginLiteral(literal);
    state = LITERAL;
  }

  private void beginString(int next, long offset, boolean name) {
    if (name) {
      nameStart = offset;
    } else {
      start = offset;
    }
    inName = name;
    kind = JsonKind.STRING;
    token.begin(next);
    strings.begin();
    state = STRING;
  }

  private @Nullable JsonShape shapeHere() {
    if (levels.depth() == 0) {
      return root;
    }
    JsonShape around = levels.shape();
    if (around == null) {
      return null;
    }
    return levels.inObject() ? memberShape : around.element();
  }

  private void open(JsonKind opened, int next) {
    if (levels.depth() == DEPTH_MAX) {
      problem = "nested deeper than %d levels".formatted(DEPTH_MAX);
      return;
    }
    kind = opened;
    end = start + 1;
    JsonShape shape = current;
    if (lenient && (shape == null || shape.watchesNothingInside())) {
      state = SKIP;
      skip.begin();
      tell(shape);
      return;
    }
    levels.push(opened == JsonKind.OBJECT, shape);
    state = next;
    tell(shape);
  }

  private void tell(@Nullable JsonShape shape) {
    if (shape != null && shape.mark() != JsonShape.UNMARKED) {
      listener.value(shape.mark(), this);
    }
  }

  private int skipped(byte[] part, int from, int to, int partFrom) {
    int at = skip.skip(part, from, to);
    if (skip.ended()) {
      kind = part[at - 1] == '}' ? JsonKind.OBJECT : JsonKind.ARRAY;
      end = fedBefore + (at - partFrom);
      empty = end - start == 2;
      state = levels.depth() == 0 ? DONE : AFTER;
      tellClosed(current);
    }
    return at;
  }

  /// What is no value of the standard, up to whatever may stand behind one.
  private int word(byte[] part, int from, int to, int partFrom) {
    int at = JsonScalars.endOfWord(part, from, to);
    if (at < to) {
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private void beginWord() {
    kind = JsonKind.NULL;
    state = WORD;
  }

  private void close(long offset, boolean nothingInside) {
    JsonShape shape = levels.shape();
    kind = levels.inObject() ? JsonKind.OBJECT : JsonKind.ARRAY;
    end = offset + 1;
    empty = nothingInside;
    levels.pop();
    state = levels.depth() == 0 ? DONE : AFTER;
    tellClosed(shape);
  }

  private void tellClosed(@Nullable JsonShape shape) {
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
      memberShape = named(levels.shape());
    } else {
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private int number(byte[] part, int from, int to, int partFrom) {
    int at = scalars.number(part, from, to);
    if (at < to) {
      if (lenient && (!scalars.numberMayEnd() || !JsonScalars.delimiter(part[at]))) {
        beginWord();
        return at;
      }
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
    if (scalars.literalBroken() && lenient) {
      beginWord();
    } else if (scalars.literalBroken()) {
      unexpected(part[at], fedBefore + (at - partFrom), "true, false or null");
    } else if (scalars.literalEnded()) {
      scalarEnded(fedBefore + (at - partFrom));
    }
    return at;
  }

  private void scalarEnded(long offset) {
    end = offset;
    state = levels.depth() == 0 ? DONE : AFTER;
    tell(current);
  }

  /// The shape of the member whose name has just ended, null when nobody watches it.
  private @Nullable JsonShape named(@Nullable JsonShape around) {
    if (around == null) {
      return null;
    }
    if (!around.watchesNames() || token.tooLong()) {
      return around.rest();
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
      return around.rest();
    }
    Member member = around.member(index);
    boolean exact = exactSoFar && around.exact(index, name, from);
    if (!strictNames) {
      return exact ? member.shape() : around.rest();
    }
    if (!exact) {
      return refuseName(member, "the name `%s` must be written in exactly this case");
    }
    if (!levels.first(index)) {
      return refuseName(member, "the name `%s` appears twice");
    }
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
