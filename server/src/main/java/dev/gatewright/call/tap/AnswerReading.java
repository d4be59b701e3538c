package dev.gatewright.call.tap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.gatewright.json.JsonKind;
import dev.gatewright.json.JsonListener;
import dev.gatewright.json.JsonWalker;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What an answer has said so far, piece by piece: its reports of tokens, what was written, how it
/// ends. A piece is an event, a line, or the whole answer. Confined to the call's event loop.
final class AnswerReading implements JsonListener {
  private static final int NUMBER_CHARS_MAX = 32;
  private static final byte[] WEB_SEARCH = "web_search_call".getBytes(US_ASCII);

  final AnswerEnd end = new AnswerEnd();
  final EventMould mould = new EventMould();
  private final Runnable onNext;
  private final TokenReport report = new TokenReport();

  /// Null until a usage object has come that stands aside.
  private @Nullable TokenReport aside;

  private TokenReport saying = report;

  private long textBytes;
  private long textPieces;
  private long unreadBytes;
  private boolean textHere;

  /// Text has come since the last report of the output.
  private boolean textSince;

  private boolean reportHere;
  private long images;
  private long audioMillis = -1;
  private boolean choices;
  private boolean choicesEmpty;
  private boolean usage;
  private boolean others;

  private boolean pictureHere;

  /// By which tier it says it was served; null = nothing said.
  private @Nullable String tier;

  /// Which model it says it is; null = nothing said.
  private @Nullable String model;

  private long searches;
  private boolean searchHere;

  /// @param onNext runs between two documents
  AnswerReading(Runnable onNext) {
    this.onNext = onNext;
  }

  void begin() {
    pictureHere = false;
    searchHere = false;
    textHere = false;
    reportHere = false;
    choices = false;
    choicesEmpty = true;
    usage = false;
    others = false;
    end.begin();
  }

  /// The piece has ended.
  ///
  /// @param unread its bytes, where it could not be read; else 0
  void end(long unread) {
    unreadBytes += unread;
    // Of a picture that is drawn step by step only the last one is one.
    images += pictureHere && end.ended() ? 1 : 0;
    searches += searchHere && end.itemDone() ? 1 : 0;
    textPieces += textHere ? 1 : 0;
    textSince = !reportHere && (textSince || textHere || unread > 0);
  }

  /// An event that means what the mould does, but for its text.
  void alike(long text) {
    textBytes += text;
    textPieces += text > 0 ? 1 : 0;
    textSince |= text > 0;
  }

  @Override
  public void value(int mark, JsonWalker at) {
    mould.value(mark, at);
    switch (mark) {
      case AnswerShape.USAGE, AnswerShape.USAGE_ASIDE, AnswerShape.USAGE_BEGUN -> {
        saying = mark == AnswerShape.USAGE_ASIDE ? aside() : report;
        saying.begin();
      }
      case AnswerShape.PLAIN_INPUT -> plain(AnswerShape.PROMPT, at);
      case AnswerShape.PLAIN_OUTPUT -> plain(AnswerShape.OUTPUT, at);
      case AnswerShape.SECONDS -> audioMillis = Math.max(audioMillis, millis(at));
      case AnswerShape.TEXT, AnswerShape.TREE -> wrote(at.textBytes());
      case AnswerShape.IMAGE -> images++;
      case AnswerShape.PICTURE -> pictureHere = true;
      case AnswerShape.CHOICES -> choices = true;
      case AnswerShape.OTHER, AnswerShape.COUNT -> others = true;
      case AnswerShape.PADDING -> {}
      case AnswerShape.TYPE -> {
        others = true;
        end.type(at);
      }
      case AnswerShape.OBJECT -> end.object(at);
      case AnswerShape.FINISH -> end.finish(at);
      case AnswerShape.DONE -> end.done(at.kind());
      case AnswerShape.ERROR -> {
        others = true;
        end.error(at);
      }
      case AnswerShape.TIER -> {
        if (at.kind() == JsonKind.STRING) {
          tier = at.textStart();
        }
      }
      case AnswerShape.MODEL -> {
        if (model == null && at.kind() == JsonKind.STRING) {
          model = at.textStart();
        }
      }
      case AnswerShape.ITEM_TYPE -> searches += at.is(WEB_SEARCH) ? 1 : 0;
      case AnswerShape.ITEM_EVENT -> searchHere |= at.is(WEB_SEARCH);
      case AnswerShape.ERROR_TYPE -> end.errorType(at);
      case AnswerShape.ERROR_CODE -> end.errorCode(at);
      case AnswerShape.ERROR_MESSAGE -> end.errorMessage(at);
      case AnswerShape.STATUS_CODE -> end.statusCode(at);
      default -> saying.say(mark, at.number());
    }
  }

  @Override
  public void closed(int mark, JsonWalker at) {
    switch (mark) {
      case AnswerShape.USAGE, AnswerShape.USAGE_BEGUN -> {
        usage |= mark == AnswerShape.USAGE && at.kind() == JsonKind.OBJECT;
        report.end(mark == AnswerShape.USAGE_BEGUN);
        reportHere |= mark == AnswerShape.USAGE && report.saysOutput();
      }
      case AnswerShape.USAGE_ASIDE -> {
        TokenReport ended = aside();
        ended.end(false);
        reportHere |= ended.saysOutput();
      }
      case AnswerShape.CHOICES -> choicesEmpty = at.empty();
      case AnswerShape.TREE -> wrote(at.end() - at.start());
      case AnswerShape.ERROR -> end.errorClosed(at.empty());
      default -> {}
    }
  }

  private TokenReport aside() {
    TokenReport known = aside;
    if (known == null) {
      known = new TokenReport();
      aside = known;
    }
    return known;
  }

  @Override
  public void next() {
    onNext.run();
  }

  private void plain(int mark, JsonWalker at) {
    report.begin();
    report.say(mark, at.number());
    report.end(false);
    reportHere |= report.saysOutput();
  }

  private void wrote(long bytes) {
    textBytes += bytes;
    textHere |= bytes > 0;
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

  /// The event that has just ended is one a chat stream carries only when usage was asked for: no
  /// choices, and a usage.
  boolean usageChunk() {
    return usage && (choices ? choicesEmpty : end.chatChunk());
  }

  /// It tells what was used, where the dialect has it.
  boolean usageSaid() {
    return usage;
  }

  /// It says something else besides.
  boolean saysMore() {
    return others;
  }

  /// Pieces of an event stream that carry choices have an end to come.
  void streams() {
    if (choices && !choicesEmpty) {
      end.choices();
    }
  }

  /// Tokens as the answer reports them, worked out.
  ///
  /// @param writes the call has an output
  TokenReport tokens(boolean writes) {
    TokenReport best = aside == null || report.any() ? report : aside;
    best.settle(writes);
    return best;
  }

  boolean textSince() {
    return textSince;
  }

  boolean wrote() {
    return textPieces > 0 || textHere;
  }

  /// Output tokens by our own count: the larger of the pieces that carried text and a quarter of
  /// its UTF-8 bytes, and a quarter of what could not be read.
  long counted() {
    long pieces = textPieces + (textHere ? 1 : 0);
    return Math.max(pieces, Measure.tokens(textBytes + unreadBytes));
  }

  long outputSoFar() {
    long besides = aside == null ? -1 : aside.outputSoFar();
    return Math.max(counted(), Math.max(report.outputSoFar(), besides));
  }

  /// -1 = not said.
  long audioMillis() {
    return audioMillis;
  }

  long images() {
    return images;
  }

  /// Null = it did not say.
  @Nullable String tier() {
    return tier;
  }

  /// Null = it did not say.
  @Nullable String model() {
    return model;
  }

  /// Searches of the web that stand in the output as items of their own.
  long searches() {
    return searches;
  }
}
