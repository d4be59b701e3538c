package dev.gatewright.service;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonWalker;
import java.math.BigDecimal;

/// What an answer has said of its usage so far, and what was counted of it. Confined to the call's
/// event loop.
final class AnswerCount implements JsonListener {
  private static final int BYTES_PER_TOKEN = 4;
  private static final int NUMBER_CHARS_MAX = 32;

  private long input = -1;
  private long output = -1;
  private long cached;
  private long cacheRead;
  private long cacheWritten;
  private long reasoning;
  private long audioMillis = -1;
  private long images;
  private long textBytes;
  private long textPieces;
  private boolean textHere;
  private boolean error;
  private long bytes;

  /// A line, an event or a whole answer has ended.
  void pieceEnded() {
    textPieces += textHere ? 1 : 0;
    textHere = false;
  }

  void passed(int more) {
    bytes += more;
  }

  @Override
  public void value(int mark, JsonWalker at) {
    switch (mark) {
      case AnswerShape.INPUT -> input = Math.max(input, at.number());
      case AnswerShape.OUTPUT -> output = Math.max(output, at.number());
      case AnswerShape.CACHED -> cached = Math.max(cached, at.number());
      case AnswerShape.CACHE_READ -> cacheRead = Math.max(cacheRead, at.number());
      case AnswerShape.CACHE_WRITTEN -> cacheWritten = Math.max(cacheWritten, at.number());
      case AnswerShape.REASONING -> reasoning = Math.max(reasoning, at.number());
      case AnswerShape.SECONDS -> audioMillis = Math.max(audioMillis, millis(at));
      case AnswerShape.IMAGE -> images++;
      case AnswerShape.ERROR -> error |= at.kind() != JsonKind.NULL && at.kind() != JsonKind.FALSE;
      case AnswerShape.TEXT -> {
        long length = at.textBytes();
        textBytes += length;
        textHere |= length > 0;
      }
      default -> {}
    }
  }

  /// Exact: seconds come as decimals, such as `3.20`.
  private static long millis(JsonWalker at) {
    boolean scalar = at.kind() == JsonKind.NUMBER || at.kind() == JsonKind.STRING;
    String text = scalar ? at.text() : null;
    if (text == null || text.length() > NUMBER_CHARS_MAX) {
      return -1;
    }
    try {
      BigDecimal seconds = new BigDecimal(text);
      boolean sane = seconds.signum() >= 0 && seconds.precision() - seconds.scale() < 12;
      return sane ? seconds.movePointRight(3).longValue() : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /// The backend reports tokens, and the answer is far enough for them to be final.
  boolean reported() {
    return output >= 0 || (input >= 0 && textPieces == 0 && !textHere);
  }

  boolean wrote() {
    return textPieces > 0 || textHere;
  }

  long inputTokens(long estimate) {
    return input < 0 ? estimate : input + cacheRead + cacheWritten;
  }

  long outputTokens() {
    long pieces = textPieces + (textHere ? 1 : 0);
    long counted = Math.max(pieces, (textBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
    return output >= 0 ? output : counted;
  }

  long cachedTokens() {
    return cached + cacheRead;
  }

  long cacheWriteTokens() {
    return cacheWritten;
  }

  long reasoningTokens() {
    return reasoning;
  }

  /// -1 = not said.
  long audioMillis() {
    return audioMillis;
  }

  long images() {
    return images;
  }

  long bytes() {
    return bytes;
  }

  /// The answer, or a line or event of it, says that it went wrong.
  boolean error() {
    return error;
  }

  static long promptTokens(long promptBytes) {
    return (promptBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
