package dev.gatewright.telemetry.trace;

import java.util.Set;

/// What the conventions call what we have other words for. Their lists are open: what is on none
/// keeps its own name.
public final class ModelNames {
  /// Names of the conventions, as of 2026-11.
  private static final Set<String> PROVIDERS =
      Set.of(
          "anthropic",
          "aws.bedrock",
          "azure.ai.inference",
          "azure.ai.openai",
          "cohere",
          "deepseek",
          "gcp.gemini",
          "gcp.vertex_ai",
          "groq",
          "ibm.watsonx.ai",
          "mistral_ai",
          "openai",
          "perplexity",
          "x_ai");

  /// As the conventions have it for what is on none of their lists.
  private static final String OTHER = "_OTHER";

  private ModelNames() {}

  /// @param endpoint a route's template
  public static String operation(String endpoint) {
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
  public static String provider(String id) {
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

  /// For metrics: an organization names its own providers as it likes, so no other name is let in.
  public static String wellKnownProvider(String id) {
    String name = provider(id);
    return PROVIDERS.contains(name) ? name : OTHER;
  }
}
