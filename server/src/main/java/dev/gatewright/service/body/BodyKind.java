package dev.gatewright.service.body;

import dev.gatewright.call.tap.Meter;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an endpoint's request body is, by preset and path.
///
/// @param form how it is written
/// @param fields what is acted on in JSON; null for the other forms
/// @param readsModel the body chooses the model, so rules on models apply to it
public record BodyKind(Form form, @Nullable BodyFields fields, boolean readsModel) {
  public enum Form {
    /// Passes unseen.
    RAW,
    JSON,
    MULTIPART
  }

  private static final BodyKind RAW = new BodyKind(Form.RAW, null, false);
  private static final BodyKind MULTIPART = new BodyKind(Form.MULTIPART, null, true);

  /// A recording for the one model the backend has.
  private static final BodyKind RECORDING = new BodyKind(Form.MULTIPART, null, false);

  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS");

  public static BodyKind of(Preset preset, ServiceEndpoint endpoint) {
    if (BODILESS.contains(endpoint.method())) {
      return RAW;
    }
    String path = endpoint.path();
    return switch (preset.id()) {
      case "http" -> RAW;
      case "whisper-cpp", "whisper-asr" -> path.equals("/load") ? RAW : RECORDING;
      case "a1111" ->
          path.endsWith("2img") ? json(BodyFields.A1111) : new BodyKind(Form.RAW, null, false);
      case "piper" -> path.equals("/synthesize") ? json(BodyFields.VOICE) : RAW;
      case "edge-tts", "kokoro" -> speech(path) ? json(BodyFields.VOICE) : RAW;
      case "ollama" -> ollama(path);
      default -> openAi(path);
    };
  }

  /// Rules on models apply to calls of such a backend.
  public static boolean readsModels(Preset preset) {
    return switch (preset.id()) {
      case "http", "whisper-cpp", "whisper-asr", "a1111", "piper", "edge-tts", "kokoro" -> false;
      default -> true;
    };
  }

  private static BodyKind ollama(String path) {
    if (path.startsWith("/api/blobs/")) {
      return RAW;
    }
    return path.startsWith("/api/") ? json(BodyFields.OLLAMA) : openAi(path);
  }

  private static BodyKind openAi(String path) {
    if (upload(path)) {
      return MULTIPART;
    }
    if (path.endsWith("*") || path.startsWith("/slots") || path.equals("/lora-adapters")) {
      return RAW;
    }
    if (speech(path)) {
      return json(BodyFields.SPEECH);
    }
    return json(pictures(path) ? BodyFields.PICTURES : BodyFields.OPENAI);
  }

  static boolean speech(String path) {
    return path.endsWith("/speech")
        || path.equals("/tts")
        || path.equals("/synthesize")
        || path.contains("/text-to-speech/");
  }

  static boolean transcription(String path) {
    return path.endsWith("/transcriptions")
        || path.endsWith("/translations")
        || path.equals("/inference")
        || path.equals("/asr");
  }

  static boolean pictures(String path) {
    return path.startsWith("/v1/images/") || path.endsWith("2img");
  }

  /// What calls of an endpoint are counted in.
  public static Meter meter(ServiceEndpoint endpoint) {
    String path = endpoint.path();
    if (!endpoint.method().equals("POST")) {
      return Meter.TOKENS;
    }
    if (speech(path)) {
      return Meter.SPEECH;
    }
    if (pictures(path)) {
      return Meter.PICTURES;
    }
    if (transcription(path)) {
      return Meter.RECORDING;
    }
    boolean embeds =
        path.endsWith("/embeddings") || path.endsWith("/embed") || path.endsWith("/embedding");
    return embeds ? Meter.EMBEDDINGS : Meter.TOKENS;
  }

  private static boolean upload(String path) {
    return transcription(path) || path.equals("/v1/images/edits");
  }

  private static BodyKind json(BodyFields fields) {
    return new BodyKind(Form.JSON, fields, fields.readsModel());
  }
}
