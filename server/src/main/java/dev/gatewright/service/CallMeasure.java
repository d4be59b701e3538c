package dev.gatewright.service;

import dev.gatewright.ledger.Outcome.Source;
import dev.gatewright.ledger.Outcome.Unit;
import dev.gatewright.ledger.Outcome.Usage;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;

/// What one call is counted in, from both its sides: what the request body said, and what the
/// answer says in passing. Confined to the exchange's event loop.
final class CallMeasure implements ServiceTap.Source {
  private final ServiceEndpoint endpoint;
  private long promptBytes;
  private long characters;
  private long audioMillis = -1;

  CallMeasure(ServiceEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  void promptBytes(long bytes) {
    promptBytes = bytes;
  }

  void characters(long count) {
    characters = count;
  }

  /// The recording's length, from its own header.
  void audioMillis(long millis) {
    audioMillis = millis;
  }

  @Override
  public ServiceTap open(int status, HttpHeaders headers) {
    if (status >= 400) {
      return ServiceTap.BLIND;
    }
    return new AnswerTap(this, form(headers), headers.get(HttpHeaderNames.CONTENT_ENCODING));
  }

  /// The prompt may have been read; of all else nothing was delivered.
  @Override
  public Usage unanswered() {
    return promptBytes == 0
        ? Usage.NOTHING
        : new Usage(AnswerCount.promptTokens(promptBytes), 0, 0, 0, 0, Source.COUNTED);
  }

  private static AnswerTap.Form form(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/event-stream")) {
      return AnswerTap.Form.EVENTS;
    }
    if (type.contains("ndjson")) {
      return AnswerTap.Form.LINES;
    }
    // whisper-asr sends its JSON as text/plain; what is no JSON is noticed at its first byte.
    boolean json = type.contains("json") || type.startsWith("text/plain");
    return json ? AnswerTap.Form.WHOLE : AnswerTap.Form.OPAQUE;
  }

  /// By the best evidence there is.
  Usage usage(AnswerCount count) {
    String path = endpoint.path();
    if (endpoint.method().equals("POST")) {
      if (BodyKind.speech(path)) {
        return Usage.of(Unit.CHARACTERS, characters, Source.COUNTED);
      }
      if (BodyKind.pictures(path)) {
        return Usage.of(Unit.IMAGES, count.images(), Source.COUNTED);
      }
      if (BodyKind.transcription(path) && count.audioMillis() >= 0) {
        return Usage.of(Unit.AUDIO_SECONDS, count.audioMillis(), Source.PROVIDER);
      }
    }
    if (count.reported()) {
      return tokens(count, Source.PROVIDER);
    }
    if (BodyKind.transcription(path)) {
      return audioMillis >= 0
          ? Usage.of(Unit.AUDIO_SECONDS, audioMillis, Source.COUNTED)
          : bytes(count);
    }
    return count.wrote() || promptBytes > 0 ? tokens(count, Source.COUNTED) : bytes(count);
  }

  private Usage tokens(AnswerCount count, Source source) {
    return new Usage(
        count.inputTokens(AnswerCount.promptTokens(promptBytes)),
        count.outputTokens(),
        count.cachedTokens(),
        count.cacheWriteTokens(),
        count.reasoningTokens(),
        source);
  }

  private static Usage bytes(AnswerCount count) {
    return Usage.of(Unit.BYTES, count.bytes(), Source.COUNTED);
  }
}
