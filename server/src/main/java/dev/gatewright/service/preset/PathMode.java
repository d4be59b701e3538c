package dev.gatewright.service.preset;

import java.util.Locale;

/// How what stands behind `/{service}` becomes the backend's path.
public enum PathMode {
  /// `/chat/api/tags` is `/api/tags`, but `/chat/api/v1/models` is `/v1/models`: for backends that
  /// have their own `/api` beside an OpenAI face.
  KEEP_API,
  /// `/tts/api/v1/audio/speech` is `/v1/audio/speech`.
  AFTER_API;

  private static final String API = "/api";

  /// @param rest the caller's path from `/api` on, raw: `/api/…`
  /// @return the backend's path, beginning with a slash
  public String backendPath(String rest) {
    if (!rest.startsWith(API + "/")) {
      throw new IllegalArgumentException("path: %s (expected: /api/…)".formatted(rest));
    }
    return switch (this) {
      case AFTER_API -> rest.substring(API.length());
      case KEEP_API -> rest.startsWith("/api/v1/") ? rest.substring(API.length()) : rest;
    };
  }

  /// The way back: what callers write behind `/{service}` for a path of the backend.
  public String callerPath(String backendPath) {
    boolean kept = this == KEEP_API && backendPath.startsWith(API + "/");
    return kept ? backendPath : API + backendPath;
  }

  /// As the configuration names it: `keep-api`, `after-api`.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
