package dev.gatewright.llm.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gatewright.edge.Refusal;
import dev.gatewright.llm.dialect.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Whether every field and every tool of a request costs something that its price knows, or
/// nothing: asked for calls that credit or a budget limits, for a provider may charge for what we
/// do not know. Pure.
///
/// @param unknown the first that is neither, as a caller reads it; null = none
/// @param searches web searches it may make at most
public record PricedFields(@Nullable String unknown, long searches) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String WEB_SEARCH = "web_search";
  private static final String OUTPUT_AUDIO = "output_audio";
  private static final String CODE = "code_seconds";

  /// Made by a request that does not say how many.
  private static final long SEARCHES = 10;

  /// Fields that cost nothing beside tokens. Sources: the API references of OpenAI and Anthropic,
  /// 2026, and what servers of open models take beside.
  private static final Set<String> CHAT =
      Set.of(
          ("model messages frequency_penalty logit_bias logprobs top_logprobs max_tokens"
                  + " max_completion_tokens metadata n parallel_tool_calls prediction"
                  + " presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort"
                  + " reasoning response_format safety_identifier seed service_tier stop store"
                  + " stream stream_options temperature tool_choice tools top_p user verbosity"
                  + " functions function_call thinking top_k min_p repetition_penalty"
                  + " chat_template_kwargs enable_thinking")
              .split(" "));

  private static final Set<String> RESPONSES =
      Set.of(
          ("model input instructions include max_output_tokens max_tool_calls metadata"
                  + " parallel_tool_calls prompt_cache_key prompt_cache_retention reasoning"
                  + " safety_identifier service_tier store stream stream_options temperature text"
                  + " tool_choice tools top_logprobs top_p truncation user background conversation"
                  + " previous_response_id prompt")
              .split(" "));

  private static final Set<String> MESSAGES =
      Set.of(
          ("model max_tokens messages system metadata stop_sequences stream temperature top_k top_p"
                  + " tools tool_choice thinking service_tier container output_config"
                  + " output_format cache_control context_management")
              .split(" "));

  private static final Set<String> EMBEDDINGS =
      Set.of("model input dimensions encoding_format user".split(" "));

  private static final Set<String> IMAGES =
      Set.of(
          ("model prompt n size quality style response_format user background moderation"
                  + " output_compression output_format partial_images stream")
              .split(" "));

  /// Fields that cost what a meter counts.
  private static final Map<String, String> METERED =
      Map.of("web_search_options", WEB_SEARCH, "audio", OUTPUT_AUDIO, "modalities", OUTPUT_AUDIO);

  /// How the types of tools begin that the caller runs.
  private static final Set<String> OWN_TOOLS =
      Set.of(
          "function",
          "custom",
          "local_shell",
          "shell",
          "apply_patch",
          "computer",
          "bash_",
          "text_editor_",
          "memory_");

  /// How the types of tools begin that the provider runs, and what counts them.
  private static final Map<String, String> HOSTED_TOOLS =
      new TreeMap<>(
          Map.of(WEB_SEARCH, WEB_SEARCH, "code_interpreter", CODE, "code_execution", CODE));

  /// Looks at a body that [BodyPeek] has found good.
  ///
  /// @param body not taken over, nor moved
  /// @param free fields the price says cost nothing
  /// @param prices whether the price has a meter
  public static PricedFields of(
      Endpoint endpoint, ByteBuf body, Set<String> free, Predicate<String> prices) {
    try (InputStream in = new ByteBufInputStream(body.duplicate());
        JsonParser parser = JSON.createParser(in)) {
      return new Walk(endpoint, free, prices).run(parser);
    } catch (IOException e) {
      return new PricedFields("body", 0);
    }
  }

  /// What the caller is told; null = nothing.
  public @Nullable Refusal refusal() {
    String at = unknown;
    return at == null
        ? null
        : new Refusal(
            400,
            "invalid_request_error",
            "unpriced_field",
            "%s: what it costs is not known, and credit or a budget limits this call (expected: fields that cost nothing, or that the model's price names)."
                .formatted(Refusal.shown(at)),
            at,
            0,
            false,
            "Who runs the platform can name it in the price's free_fields.");
  }

  /// One pass over the top level and the types of tools.
  private static final class Walk {
    private final Set<String> known;
    private final Set<String> free;
    private final Predicate<String> prices;
    private @Nullable String unknown;
    private boolean searches;
    private long uses = -1;

    Walk(Endpoint endpoint, Set<String> free, Predicate<String> prices) {
      this.known =
          switch (endpoint) {
            case CHAT -> CHAT;
            case RESPONSES -> RESPONSES;
            case MESSAGES, COUNT_TOKENS -> MESSAGES;
            case EMBEDDINGS -> EMBEDDINGS;
            case IMAGES -> IMAGES;
          };
      this.free = free;
      this.prices = prices;
    }

    PricedFields run(JsonParser parser) throws IOException {
      parser.nextToken();
      while (unknown == null && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("tools") && value == JsonToken.START_ARRAY) {
          tools(parser);
          continue;
        }
        if (name.equals("max_tool_calls") && value == JsonToken.VALUE_NUMBER_INT) {
          uses = Math.max(uses, parser.getLongValue());
        }
        if (value != JsonToken.VALUE_NULL) {
          field(name);
        }
        parser.skipChildren();
      }
      return new PricedFields(
          unknown, searches ? Math.clamp(uses < 0 ? SEARCHES : uses, 1, 1_000) : 0);
    }

    private void field(String name) {
      if (known.contains(name) || free.contains(name)) {
        return;
      }
      String meter = METERED.get(name);
      if (meter == null || !prices.test(meter)) {
        unknown = name;
      } else {
        searches |= meter.equals(WEB_SEARCH);
      }
    }

    private void tools(JsonParser parser) throws IOException {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          tool(parser);
        } else {
          parser.skipChildren();
        }
      }
    }

    private void tool(JsonParser parser) throws IOException {
      String type = "function";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("type") && value == JsonToken.VALUE_STRING) {
          type = parser.getText();
        } else if (name.equals("max_uses") && value == JsonToken.VALUE_NUMBER_INT) {
          uses = Math.max(uses, parser.getLongValue());
        }
        parser.skipChildren();
      }
      String kind = type;
      if (OWN_TOOLS.stream().anyMatch(kind::startsWith) || free.contains("tools." + kind)) {
        return;
      }
      String meter =
          HOSTED_TOOLS.entrySet().stream()
              .filter(each -> kind.startsWith(each.getKey()))
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(null);
      if (meter == null || !prices.test(meter)) {
        unknown = "tools." + kind;
      } else {
        searches |= meter.equals(WEB_SEARCH);
      }
    }
  }
}
