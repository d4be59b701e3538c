package dev.gatewright.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the simulator reads of a request: the last thing said to it, and how many words came in
/// all.
///
/// @param text what the user said last, or what a tool has answered since
/// @param words of every text in the request: the input's tokens
/// @param toolCall the tool the text asks to have called; null = none
record SimPrompt(String text, int words, @Nullable ToolCall toolCall) {
  /// A text of the form `call:NAME {json}` in a request with tools makes the simulator call NAME.
  private static final Pattern CALL =
      Pattern.compile("\\s*call:([A-Za-z0-9_-]{1,64})\\s*(\\{.*\\})?\\s*", Pattern.DOTALL);

  /// @param arguments a JSON object, as text
  record ToolCall(String name, String arguments) {}

  static SimPrompt of(Endpoint endpoint, JsonNode body) {
    StringBuilder last = new StringBuilder();
    int words =
        switch (endpoint) {
          case CHAT -> messages(body.path("messages"), last);
          case MESSAGES, COUNT_TOKENS ->
              words(body.path("system")) + messages(body.path("messages"), last);
          case RESPONSES -> words(body.path("instructions")) + messages(body.path("input"), last);
          case EMBEDDINGS -> embedded(body.path("input"));
          case IMAGES -> words(body.path("prompt"));
        };
    String text = last.toString();
    return new SimPrompt(text, words, toolCall(body, text));
  }

  private static @Nullable ToolCall toolCall(JsonNode body, String text) {
    Matcher call = CALL.matcher(text);
    if (body.path("tools").isEmpty() || !call.matches()) {
      return null;
    }
    return new ToolCall(call.group(1), call.group(2) == null ? "{}" : call.group(2));
  }

  /// Counts the words of all messages; leaves in `last` the last one of the user or of a tool.
  private static int messages(JsonNode messages, StringBuilder last) {
    if (messages.isTextual()) {
      last.append(messages.asText());
      return SimWords.count(messages.asText());
    }
    int words = 0;
    for (JsonNode message : messages) {
      String text = spoken(message);
      words += SimWords.count(text);
      String role = message.path("role").asText("");
      boolean answersTool = message.path("type").asText("").equals("function_call_output");
      if (role.equals("user") || role.equals("tool") || answersTool) {
        last.setLength(0);
        last.append(text);
      }
    }
    return words;
  }

  private static String spoken(JsonNode message) {
    StringBuilder text = new StringBuilder();
    collect(message.path("content"), text);
    collect(message.path("output"), text);
    return text.toString();
  }

  /// A text, or the texts of a list of parts.
  private static void collect(JsonNode content, StringBuilder into) {
    if (content.isTextual()) {
      into.append(content.asText());
    } else if (content instanceof ArrayNode parts) {
      for (JsonNode part : parts) {
        collect(part.path("text"), into);
        collect(part.path("content"), into);
      }
    }
  }

  private static int words(JsonNode content) {
    StringBuilder text = new StringBuilder();
    collect(content, text);
    return SimWords.count(text.toString());
  }

  /// Texts count their words, tokens count themselves.
  private static int embedded(JsonNode input) {
    if (input.isTextual()) {
      return SimWords.count(input.asText());
    }
    if (input.isNumber()) {
      return 1;
    }
    int words = 0;
    for (JsonNode element : input) {
      words += embedded(element);
    }
    return words;
  }
}
