package dev.gatewright.service.body;

import dev.gatewright.edge.Refusal;
import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonWalker;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/// One pass over a held JSON body without a tree: finds what the gate acts on and checks it against
/// the bounds. A name it acts on that appears twice or in another letter case is refused, for the
/// backend might read the other one. Confined to one thread, used once.
final class JsonPeek implements JsonListener {
  private static final FastThreadLocal<byte[]> WINDOW =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[16 * 1024];
        }
      };

  private final BodyFields fields;
  private final @Nullable FieldBounds bounds;
  private final ByteBuf body;
  private final JsonWalker walker;
  private @Nullable Refusal refusal;
  private @Nullable String model;
  private @Nullable Boolean stream;
  private long promptBytes;
  private long spokenCharacters;
  private final BodyAsks.Sum asks = new BodyAsks.Sum();

  private JsonPeek(BodyFields fields, @Nullable FieldBounds bounds, ByteBuf body) {
    this.fields = fields;
    this.bounds = bounds;
    this.body = body;
    this.walker = new JsonWalker(fields.shape(), this, true);
  }

  /// What a body says.
  ///
  /// @param refusal why it may not pass; null = it may
  /// @param stream null = it does not say
  /// @param promptBytes of the text put to a model
  record Said(
      @Nullable Refusal refusal,
      @Nullable String model,
      @Nullable Boolean stream,
      long promptBytes,
      BodyAsks asks) {}

  /// Looks at `body` without moving its reader index or taking it over.
  ///
  /// @param bounds null for a key that is not bound
  static Said at(BodyFields fields, @Nullable FieldBounds bounds, ByteBuf body) {
    return new JsonPeek(fields, bounds, body).look();
  }

  private Said look() {
    if (body.isReadable() && !beginsObject()) {
      refusal = Refusal.invalid("The body is not a JSON object (expected: {…}).");
      return new Said(refusal, null, null, 0, BodyAsks.UNSEEN);
    }
    byte[] window = WINDOW.get();
    int from = body.readerIndex();
    boolean good = true;
    while (good && from < body.writerIndex()) {
      int length = Math.min(window.length, body.writerIndex() - from);
      body.getBytes(from, window, 0, length);
      good = walker.feed(window, 0, length);
      from += length;
    }
    // No body at all is a question some backends answer; theirs is the judgement on it.
    if (body.isReadable() && (!good || !walker.finish())) {
      String param = walker.problemParam();
      String message = "The body is not acceptable JSON: " + walker.problem() + ".";
      refusal = param == null ? Refusal.invalid(message) : Refusal.invalid(message, param);
    }
    return new Said(refusal, model, stream, promptBytes, asks.with(spokenCharacters));
  }

  /// In a list, names stand where nobody looks for them: bounds and rules would not hold.
  private boolean beginsObject() {
    int at = body.forEachByte(b -> b == ' ' || b == '\t' || b == '\r' || b == '\n');
    return at >= 0 && body.getByte(at) == '{';
  }

  @Override
  public void value(int mark, JsonWalker at) {
    BodyField field = fields.at(mark);
    switch (field.rule()) {
      case MODEL -> model(field.path(), at);
      case STREAM -> {
        if (at.kind() == JsonKind.TRUE || at.kind() == JsonKind.FALSE) {
          stream = at.kind() == JsonKind.TRUE;
        }
      }
      case PROMPT -> promptBytes += at.textBytes();
      case SPOKEN -> spokenCharacters += at.kind() == JsonKind.STRING ? characters(at) : 0;
      default -> {
        asks.take(field.rule(), at);
        if (bounds != null) {
          refuse(bounds.refusal(field, at));
        }
      }
    }
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    BodyField field = fields.at(mark);
    if (bounds != null && field.rule() == BodyField.Rule.EMPTY && !at.empty()) {
      refuse(bounds.notEmpty(field, "something"));
    }
  }

  private void model(String path, JsonWalker at) {
    if (at.kind() == JsonKind.NULL) {
      return;
    }
    String name = at.kind() == JsonKind.STRING ? at.text() : null;
    if (name == null || !ModelName.acceptable(name)) {
      refuse(ModelName.refusal(path));
    } else if (model != null && !model.equals(name) && !name.isEmpty() && !model.isEmpty()) {
      refuse(
          Refusal.invalid(
              "%s: another name than `model` (expected: one of the two alone)".formatted(path),
              path));
    } else if (!name.isEmpty()) {
      model = name;
    }
  }

  private void refuse(@Nullable Refusal why) {
    if (refusal == null) {
      refusal = why;
    }
  }

  /// Unicode code points of the string the walker has just passed, escapes resolved.
  private long characters(JsonWalker at) {
    int from = body.readerIndex() + (int) at.start() + 1;
    int to = body.readerIndex() + (int) at.end() - 1;
    long count = 0;
    for (int i = from; i < to; i++) {
      byte b = body.getByte(i);
      if (b == '\\') {
        i++;
        boolean unicode = body.getByte(i) == 'u';
        // The second half of a pair stands for no character of its own: \uDC00 to \uDFFF.
        boolean second =
            unicode
                && (body.getByte(i + 1) | 0x20) == 'd'
                && (body.getByte(i + 2) | 0x20) >= 'c'
                && (body.getByte(i + 2) | 0x20) <= 'f';
        count += second ? 0 : 1;
        i += unicode ? 4 : 0;
      } else if ((b & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }
}
