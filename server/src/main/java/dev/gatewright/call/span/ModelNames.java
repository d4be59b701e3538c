package dev.gatewright.call.span;

/// What the conventions call what we have other words for. Their lists are open: what is on none
/// keeps its own name.
final class ModelNames {
  private ModelNames() {}

  /// @param endpoint a route's template
  static String operation(String endpoint) {
    return switch (endpoint.substring(endpoint.lastIndexOf('/') + 1)) {
      case "completions" -> endpoint.endsWith("/chat/completions") ? "chat" : "text_completion";
      case "responses", "messages" -> "chat";
      case "embeddings" -> "embeddings";
      case "generations" -> "generate_content";
      case "count_tokens" -> "count_tokens";
      default -> "generate_content";
    };
  }

  /// @param id a provider's, as it is configured
  static String provider(String id) {
    return switch (id) {
      case "gemini", "google" -> "gcp.gemini";
      case "vertex" -> "gcp.vertex_ai";
      case "mistral" -> "mistral_ai";
      case "azure" -> "azure.ai.openai";
      case "bedrock" -> "aws.bedrock";
      case "xai" -> "x_ai";
      default -> id;
    };
  }
}
