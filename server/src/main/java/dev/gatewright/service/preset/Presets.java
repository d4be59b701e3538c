package dev.gatewright.service.preset;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every preset: what of each kind of backend an ordinary key may use, what only a managing one,
/// and how its health is asked. What is on neither list does not exist for callers: machine
/// accounts, shutdown, training, debugging. Sources: each project's own routes, August 2026.
public final class Presets {
  private static final Duration TRANSCRIPTION = Duration.ofMinutes(30);
  private static final long RECORDING_BYTES_MAX = 512L << 20;

  /// A file of weights, which a managing key lays beside the models.
  private static final long MODEL_FILE_BYTES_MAX = 256L << 30;

  private static final Map<String, Preset> ALL = new TreeMap<>();

  static {
    for (Preset preset :
        List.of(
            ollama(),
            whisperCpp(),
            speaches(),
            whisperAsr(),
            edgeTts(),
            kokoro(),
            piper(),
            a1111(),
            vllm(),
            llamaCpp(),
            lmStudio(),
            localai(),
            http())) {
      ALL.put(preset.id(), preset);
    }
  }

  private Presets() {}

  /// Null when there is none of this name.
  public static @Nullable Preset find(String id) {
    return ALL.get(id);
  }

  /// In the order of their names.
  public static List<Preset> all() {
    return List.copyOf(ALL.values());
  }

  private static Preset ollama() {
    return new PresetDraft("ollama")
        .keepsApi()
        .use(
            """
            POST /api/chat  POST /api/generate  POST /api/embed  POST /api/embeddings
            POST /api/show  GET /api/tags  GET /api/ps  GET /api/version
            POST /v1/chat/completions  POST /v1/completions  POST /v1/embeddings
            POST /v1/responses  POST /v1/messages  POST /v1/audio/transcriptions
            GET /v1/models  GET /v1/models/*
            """)
        .manage(
            """
            POST /api/pull  POST /api/push  POST /api/create  POST /api/copy  DELETE /api/delete
            HEAD /api/blobs/*
            """)
        .manageLarge("POST /api/blobs/*", MODEL_FILE_BYTES_MAX)
        .probe("/", 200)
        .load("/api/ps", "models", "model")
        .streams(StreamKind.NDJSON)
        .done();
  }

  private static Preset whisperCpp() {
    return new PresetDraft("whisper-cpp")
        .use(
            """
            POST /inference  POST /v1/audio/transcriptions  POST /v1/audio/translations
            GET /health
            """)
        .manage("POST /load")
        .probe("/health", 200)
        .firstByte(TRANSCRIPTION)
        .uploads(RECORDING_BYTES_MAX)
        .done();
  }

  private static Preset speaches() {
    return new PresetDraft("speaches")
        .use(
            """
            POST /v1/audio/transcriptions  POST /v1/audio/translations  POST /v1/audio/speech
            GET /v1/audio/voices  GET /v1/models  GET /v1/models/*  GET /v1/realtime  GET /health
            """)
        .manage(
            """
            POST /v1/models/*  DELETE /v1/models/*
            GET /api/ps  POST /api/ps/*  DELETE /api/ps/*
            """)
        .probe("/health", 200)
        .load("/api/ps", "models", "")
        .streams(StreamKind.AUDIO)
        .firstByte(TRANSCRIPTION)
        .uploads(RECORDING_BYTES_MAX)
        .done();
  }

  private static Preset whisperAsr() {
    return new PresetDraft("whisper-asr")
        .use("POST /asr  POST /detect-language")
        .firstByte(TRANSCRIPTION)
        .uploads(RECORDING_BYTES_MAX)
        .done();
  }

  private static Preset edgeTts() {
    return new PresetDraft("edge-tts")
        .use(
            """
            POST /v1/audio/speech  POST /audio/speech  POST /azure/cognitiveservices/v1
            POST /elevenlabs/v1/text-to-speech/*
            GET /v1/models  GET /models  GET /v1/audio/models  GET /v1/voices  GET /voices
            GET /v1/voices/all  GET /voices/all  GET /v1/audio/voices
            """)
        .probe("/v1/models", 200)
        .streams(StreamKind.SSE)
        .done();
  }

  private static Preset kokoro() {
    return new PresetDraft("kokoro")
        .use(
            """
            POST /v1/audio/speech  GET /v1/audio/voices  POST /v1/audio/voices/combine
            GET /v1/models  GET /v1/models/*  GET /v1/download/*  GET /health
            """)
        .probe("/health", 200)
        .streams(StreamKind.AUDIO)
        .done();
  }

  private static Preset piper() {
    return new PresetDraft("piper")
        .use("POST /synthesize  GET /voices  GET /info")
        .manage("POST /download")
        .probe("/info", 200)
        .done();
  }

  private static Preset a1111() {
    return new PresetDraft("a1111")
        .use(
            """
            POST /sdapi/v1/txt2img  POST /sdapi/v1/img2img  GET /sdapi/v1/progress
            GET /sdapi/v1/sd-models  GET /sdapi/v1/samplers  GET /sdapi/v1/schedulers
            GET /sdapi/v1/upscalers  GET /sdapi/v1/prompt-styles
            """)
        .manage(
            """
            GET /sdapi/v1/options  POST /sdapi/v1/options  GET /sdapi/v1/memory
            POST /sdapi/v1/interrupt  POST /sdapi/v1/skip
            POST /sdapi/v1/unload-checkpoint  POST /sdapi/v1/reload-checkpoint
            POST /sdapi/v1/refresh-checkpoints  POST /sdapi/v1/refresh-vae
            POST /sdapi/v1/refresh-loras
            """)
        .probe("/sdapi/v1/memory", 200)
        .done();
  }

  private static Preset vllm() {
    return new PresetDraft("vllm")
        .use(
            """
            POST /v1/chat/completions  POST /v1/completions  POST /v1/embeddings
            POST /v1/responses  POST /v1/messages  POST /v1/audio/transcriptions
            POST /v1/audio/translations  POST /v1/rerank  POST /v2/rerank  POST /rerank
            POST /v1/score  POST /score  POST /pooling  POST /classify  POST /v2/embed
            POST /v1/messages/count_tokens
            GET /v1/realtime  GET /v1/models  GET /health
            """)
        .manage(
            """
            POST /tokenize  POST /detokenize  POST /pause  POST /resume  GET /metrics
            POST /v1/load_lora_adapter  POST /v1/unload_lora_adapter  GET /version
            """)
        .probe("/health", 200)
        .load("/v1/models", "data", "id")
        .streams(StreamKind.SSE)
        .done();
  }

  private static Preset llamaCpp() {
    return new PresetDraft("llama-cpp")
        .use(
            """
            POST /v1/chat/completions  POST /v1/completions  POST /v1/embeddings
            POST /v1/responses  POST /v1/messages  POST /v1/messages/count_tokens
            POST /v1/rerank  POST /v1/reranking  POST /v1/audio/transcriptions
            POST /chat/completions  POST /responses  POST /audio/transcriptions
            POST /completion  POST /completions  POST /embedding  POST /embeddings
            POST /infill  POST /rerank  POST /reranking  POST /tokenize  POST /detokenize
            POST /apply-template  GET /v1/models  GET /models  GET /health
            """)
        .manage(
            """
            GET /props  POST /props  GET /slots  POST /slots/*
            GET /lora-adapters  POST /lora-adapters  GET /metrics
            """)
        .probe("/health", 200)
        .load("/v1/models", "data", "id")
        .streams(StreamKind.SSE)
        .done();
  }

  private static Preset lmStudio() {
    return new PresetDraft("lm-studio")
        .use(
            """
            POST /v1/chat/completions  POST /v1/completions  POST /v1/embeddings
            POST /v1/responses  POST /v1/messages  POST /api/v1/chat
            GET /v1/models  GET /api/v1/models
            """)
        .manage(
            """
            POST /api/v1/models/load  POST /api/v1/models/unload  POST /api/v1/models/download
            """)
        .probe("/v1/models", 200)
        .streams(StreamKind.SSE)
        .done();
  }

  private static Preset localai() {
    return new PresetDraft("localai")
        .use(
            """
            POST /v1/chat/completions  POST /v1/completions  POST /v1/embeddings
            POST /v1/responses  POST /v1/messages  POST /v1/rerank
            POST /v1/images/generations  POST /v1/images/edits  POST /v1/images/inpainting
            POST /v1/audio/transcriptions  POST /v1/audio/translations  POST /v1/audio/speech
            POST /tts  POST /video
            GET /v1/models  GET /v1/realtime  GET /healthz  GET /readyz
            """)
        .manage(
            """
            GET /models/*  POST /models/*  GET /backends  GET /backends/*  POST /backends/*
            GET /system  GET /metrics
            """)
        .probe("/readyz", 200)
        .streams(StreamKind.SSE)
        .done();
  }

  private static Preset http() {
    return new PresetDraft("http").done();
  }
}
