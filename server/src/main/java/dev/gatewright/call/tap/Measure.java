package dev.gatewright.call.tap;

import dev.gatewright.call.BlindTap;
import dev.gatewright.call.Ending;
import dev.gatewright.call.Tap;
import dev.gatewright.ledger.Meters;
import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one call is counted in, from both its sides: what its request said, and what the answer
/// says in passing. Each number is the answer's own where it gives one, else our count, and says
/// which. Confined to the call's event loop.
public final class Measure {
  private static final int BYTES_PER_TOKEN = 4;

  private static final String OF_IMAGES = "output_image";
  private static final Pattern TIER = Pattern.compile("[a-z0-9_]{1,32}");

  private final Meter meter;
  private final boolean answerExpected;
  private boolean tierAsked;
  private long promptTokens;
  private long characters;
  private long audioMillis = -1;

  private Measure(Meter meter, boolean answerExpected) {
    this.meter = meter;
    this.answerExpected = answerExpected;
  }

  /// Of a call whose answer may be anything.
  public static Measure of(Meter meter) {
    return new Measure(meter, false);
  }

  /// Of a call to a model: an answer without a word is none.
  public static Measure ofModel(Meter meter, long promptTokens) {
    Measure measure = new Measure(meter, true);
    measure.promptTokens = promptTokens;
    return measure;
  }

  /// Tokens that a text of so many bytes comes to at most likely.
  public static long tokens(long textBytes) {
    return (textBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  /// Tokens of the request by our own count.
  public void promptTokens(long tokens) {
    promptTokens = tokens;
  }

  /// The request named a tier: the answer's counts, were it the ordinary one.
  public void tierAsked() {
    tierAsked = true;
  }

  /// Unicode code points of what is to be spoken.
  public void characters(long count) {
    characters = count;
  }

  /// The recording's length so far known; negative = nobody knows.
  public long audioMillis() {
    return audioMillis;
  }

  public Meter meter() {
    return meter;
  }

  /// The recording's length, from its own header.
  public void audioMillis(long millis) {
    audioMillis = millis;
  }

  /// The tap of the answer with this head.
  public Tap open(int status, HttpHeaders headers) {
    return status >= 400 || status == 204 || status == 304 ? new BlindTap() : answer(headers);
  }

  /// The tap of a good answer that has a body.
  public AnswerTap answer(HttpHeaders headers) {
    return new AnswerTap(
        this,
        headers.get(HttpHeaderNames.CONTENT_TYPE),
        headers.get(HttpHeaderNames.CONTENT_ENCODING));
  }

  /// Of a call that was given up while the other side had it and had not answered: what was asked
  /// may have been read; of all else nothing was delivered.
  public Usage unanswered() {
    boolean tokens = meter == Meter.TOKENS || meter == Meter.EMBEDDINGS;
    return !tokens || promptTokens == 0
        ? Usage.NOTHING
        : new Usage(promptTokens, 0, 0, 0, 0, Source.COUNTED);
  }

  boolean answerExpected() {
    return answerExpected;
  }

  /// The call has an output of tokens.
  boolean writes() {
    return meter != Meter.EMBEDDINGS && meter != Meter.NOTHING;
  }

  /// By the best evidence there is.
  ///
  /// @param bytes of the answer's body
  /// @param anything a document, an event or a byte of an answer has come
  /// @param framed the answer has ended as its framing has it
  Usage usage(AnswerReading reading, long bytes, boolean anything, Ending ending, boolean framed) {
    TokenReport report = reading.tokens(writes());
    boolean nothing = !report.any() && !reading.wrote();
    if (meter == Meter.NOTHING || (nothing && worthless(anything, ending, framed))) {
      return Usage.NOTHING;
    }
    return switch (meter) {
      case SPEECH ->
          report.any()
              ? tokens(reading, report, ending)
              : Usage.of(Unit.CHARACTERS, characters, Source.COUNTED);
      case PICTURES ->
          report.any()
              ? tokens(reading, report, ending)
              : Usage.of(Unit.IMAGES, reading.images(), Source.COUNTED);
      case RECORDING -> recording(reading, report, bytes, ending);
      case TOKENS, EMBEDDINGS, NOTHING ->
          nothing && promptTokens == 0
              ? Usage.of(Unit.BYTES, bytes, Source.COUNTED)
              : tokens(reading, report, ending);
    };
  }

  /// It failed before it gave anything, or there is nothing in it.
  private boolean worthless(boolean anything, Ending ending, boolean framed) {
    return ending instanceof Ending.Failed || (framed && answerExpected && !anything);
  }

  private Usage recording(AnswerReading reading, TokenReport report, long bytes, Ending ending) {
    if (reading.audioMillis() >= 0) {
      return Usage.of(Unit.AUDIO_SECONDS, reading.audioMillis(), Source.PROVIDER);
    }
    if (report.any()) {
      return tokens(reading, report, ending);
    }
    return audioMillis >= 0
        ? Usage.of(Unit.AUDIO_SECONDS, audioMillis, Source.COUNTED)
        : Usage.of(Unit.BYTES, bytes, Source.COUNTED);
  }

  private Usage tokens(AnswerReading reading, TokenReport report, Ending ending) {
    long input = report.input();
    long output = report.output();
    long counted = writes() ? Math.max(reading.counted(), report.guess()) : 0;
    Source ofInput = Source.PROVIDER;
    Source ofOutput = writes() ? Source.PROVIDER : Source.NONE;
    if (output >= 0 && reading.textSince() && !(ending instanceof Ending.Complete)) {
      // More was delivered than the last report knew of.
      output = Math.max(output, counted);
      ofOutput = Source.COUNTED;
    } else if (output < 0 && writes()) {
      output = counted;
      ofOutput = Source.COUNTED;
    }
    if (input < 0) {
      boolean split = report.total() >= 0 && writes();
      output = split ? Math.min(output, report.total()) : output;
      input = split ? report.total() - output : promptTokens;
      ofInput = input == 0 && !split ? Source.NONE : Source.COUNTED;
    }
    Usage usage =
        new Usage(
            input,
            Math.max(0, output),
            Math.min(report.cached(), input),
            Math.min(report.cacheWritten(), input),
            Math.min(report.reasoning(), Math.max(0, output)),
            ofInput,
            ofOutput);
    Map<String, Long> parts = parts(reading, report, Math.max(0, output));
    return parts == null ? usage : usage.with(parts);
  }

  /// What is priced apart from the numbers that most calls have; null = nothing is.
  private @Nullable Map<String, Long> parts(
      AnswerReading reading, TokenReport report, long output) {
    Map<String, Long> parts = report.parts();
    boolean drawn =
        meter == Meter.PICTURES && output > 0 && (parts == null || !parts.containsKey(OF_IMAGES));
    String tier = reading.tier();
    boolean ordinary = tier == null || tier.equals("default") || tier.equals("standard");
    boolean named = tier != null && (tierAsked || !ordinary) && TIER.matcher(tier).matches();
    if (!drawn && !named && reading.searches() == 0) {
      return parts;
    }
    parts = parts == null ? new TreeMap<>() : parts;
    if (drawn) {
      // An answer of pictures that does not say what its output was.
      parts.put(OF_IMAGES, output);
    }
    if (named) {
      parts.put(Meters.TIER_PREFIX + tier, 1L);
    }
    if (reading.searches() > 0) {
      parts.merge("web_search", reading.searches(), Math::max);
    }
    return parts;
  }
}
