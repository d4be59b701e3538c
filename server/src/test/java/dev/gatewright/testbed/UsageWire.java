package dev.gatewright.testbed;

/// The wire forms that [UsageShapes] are written in.
final class UsageWire {
  private UsageWire() {}

  static String usage(String prompt, String completion, String total) {
    return "{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"total_tokens\":%s}"
        .formatted(prompt, completion, total);
  }

  static String chatWith(String members) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello there\"},\"finish_reason\":\"stop\"}],"
        + members
        + "}";
  }

  static String chunk(String members) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\"," + members + "}\n\n";
  }

  static String chunkOf(String text, String usage) {
    return "{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}],\"usage\":" + usage + "}";
  }

  static String text(String text) {
    return chunk(
        "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
            + text
            + "\"},\"finish_reason\":null}],\"usage\":null");
  }

  static String hello() {
    return text("Hello ") + text("there");
  }

  static String finish() {
    return chunk(
        "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null");
  }

  static String message(String usage) {
    return "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hello there\"}],\"stop_reason\":\"end_turn\",\"usage\":"
        + usage
        + "}";
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  static String messageStart(String usage) {
    return event(
        "message_start",
        "{\"type\":\"message_start\",\"message\":{\"content\":[],\"stop_reason\":null,\"usage\":"
            + usage
            + "}}");
  }

  static String messageText() {
    return event(
        "content_block_delta",
        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello there\"}}");
  }

  static String messageDelta(String usage) {
    return event(
        "message_delta",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
            + usage
            + "}");
  }

  static String responseCreated() {
    return event(
        "response.created",
        "{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"error\":null,\"usage\":null}}");
  }

  static String responseText() {
    return responseCreated()
        + event(
            "response.output_text.delta",
            "{\"type\":\"response.output_text.delta\",\"delta\":\"Hello there\"}");
  }

  static String responseEnd(String how, String usage) {
    return event(
        "response." + how,
        "{\"type\":\"response.%s\",\"response\":{\"status\":\"%s\",\"output\":[{\"content\":[{\"text\":\"Hello there\"}]}],\"usage\":%s}}"
            .formatted(how, how, usage));
  }
}
