package dev.gatewright.edge;

import dev.gatewright.json.JsonBytes;

/// A refusal in Anthropic's form (API reference of 2026):
/// `{type:"error",error:{type,message},request_id}` with types of their own by status.
public final class AnthropicError {
  private AnthropicError() {}

  /// JSON in UTF-8.
  public static byte[] body(Refusal refusal, String requestId) {
    return new JsonBytes(256)
        .raw("{\"type\":\"error\",\"error\":{\"type\":")
        .string(type(refusal))
        .raw(",\"message\":")
        .string(refusal.message())
        .optional(",\"help\":", refusal.help())
        .raw("},\"request_id\":")
        .string(requestId)
        .raw("}")
        .toArray();
  }

  private static String type(Refusal refusal) {
    return switch (refusal.status()) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503, 529 -> "overloaded_error";
      case 504 -> "timeout_error";
      default -> refusal.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }
}
