package dev.gatewright.testbed;

import java.util.ArrayList;
import java.util.List;

/// How providers say what a call used, each with the true numbers and by whose word. Sources: the
/// providers' API references and the faults of gateways on public record, 2026.
final class UsageShapes {
  /// Our own count of the request stands in the row.
  static final long ESTIMATE = -1;

  static final String CHAT = "/v1/chat/completions";
  static final String RESPONSES = "/v1/responses";
  static final String MESSAGES = "/v1/messages";
  static final String EMBEDDINGS = "/v1/embeddings";
  static final String IMAGES = "/v1/images/generations";

  /// What a row says.
  ///
  /// @param input [#ESTIMATE] = counted from the request
  record Truth(
      long input,
      long output,
      long cached,
      long reasoning,
      String inputSource,
      String outputSource,
      String outcome) {
    Truth ending(String how) {
      return new Truth(input, output, cached, reasoning, inputSource, outputSource, how);
    }
  }

  /// @param answer the body of the provider's answer
  record Shape(String name, String path, boolean stream, String answer, Truth truth) {}

  private final List<Shape> all = new ArrayList<>();

  private UsageShapes() {}

  static List<Shape> all() {
    UsageShapes shapes = new UsageShapes();
    shapes.chats();
    shapes.chatStreams();
    shapes.messages();
    shapes.responses();
    shapes.others();
    return List.copyOf(shapes.all);
  }

  static Truth provider(long input, long output) {
    return provider(input, output, 0, 0);
  }

  static Truth provider(long input, long output, long cached, long reasoning) {
    return new Truth(input, output, cached, reasoning, "provider", "provider", "completed");
  }

  static Truth told(long input, String inputSource, long output, String outputSource) {
    return new Truth(input, output, 0, 0, inputSource, outputSource, "completed");
  }

  private static final Truth COUNTED = told(ESTIMATE, "counted", 3, "counted");
  private static final Truth NOTHING = told(0, "none", 0, "none");

  // ── chat ──

  private void chats() {
    whole("plain", usage("12", "7", "19"), provider(12, 7));
    whole("cached in details", "{\"prompt_tokens\":2006,\"completion_tokens\":300,\"total_tokens\":2306,\"prompt_tokens_details\":{\"cached_tokens\":1920},\"completion_tokens_details\":{\"reasoning_tokens\":128}}", provider(2006, 300, 1920, 128));
    whole("reasoning outside, told by the total", "{\"prompt_tokens\":12,\"completion_tokens\":2,\"total_tokens\":331,\"completion_tokens_details\":{\"reasoning_tokens\":317}}", provider(12, 319, 0, 317));
    whole("only the total shows it", usage("10", "5", "1015"), provider(10, 1005));
    whole("xAI: reasoning outside, cache inside", "{\"prompt_tokens\":12,\"completion_tokens\":1,\"total_tokens\":303,\"prompt_tokens_details\":{\"cached_tokens\":11},\"completion_tokens_details\":{\"reasoning_tokens\":290}}", provider(12, 291, 11, 290));
    whole("xAI: cache beyond the prompt is outside", "{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":90}}", provider(100, 5, 90, 0));
    whole("DeepInfra: reasoning beyond the completion is outside", "{\"prompt_tokens\":20,\"completion_tokens\":84,\"completion_tokens_details\":{\"reasoning_tokens\":1081}}", provider(20, 1165, 0, 1081));
    whole("DeepSeek: hit and miss", "{\"prompt_tokens\":339,\"completion_tokens\":83,\"total_tokens\":422,\"prompt_cache_hit_tokens\":320,\"prompt_cache_miss_tokens\":19,\"completion_tokens_details\":{\"reasoning_tokens\":39}}", provider(339, 83, 320, 39));
    whole("Kimi: cached at the top", "{\"prompt_tokens\":19,\"completion_tokens\":4,\"total_tokens\":23,\"cached_tokens\":12}", provider(19, 4, 12, 0));
    whole("Mistral: another spelling of the details", "{\"prompt_tokens\":171,\"completion_tokens\":14,\"total_tokens\":185,\"prompt_token_details\":{\"cached_tokens\":128}}", provider(171, 14, 128, 0));
    whole("Mistral: num_cached_tokens", "{\"prompt_tokens\":171,\"completion_tokens\":14,\"num_cached_tokens\":128}", provider(171, 14, 128, 0));
    whole("SGLang: reasoning at the top", "{\"prompt_tokens\":20,\"completion_tokens\":30,\"total_tokens\":50,\"reasoning_tokens\":25}", provider(20, 30, 0, 25));
    whole("LiteLLM: the cache inside the prompt by Anthropic's names", "{\"prompt_tokens\":1000,\"completion_tokens\":40,\"total_tokens\":1040,\"cache_read_input_tokens\":900}", provider(1000, 40, 900, 0));
    whole("a face of Claude: the cache outside, told by the total", "{\"prompt_tokens\":21,\"completion_tokens\":40,\"total_tokens\":961,\"cache_read_input_tokens\":900}", provider(921, 40, 900, 0));
    whole("Cohere: billed units count", "{\"billed_units\":{\"input_tokens\":119,\"output_tokens\":44},\"tokens\":{\"input_tokens\":1549,\"output_tokens\":95}}", provider(119, 44));
    whole("zero is zero", usage("0", "0", "0"), provider(0, 0));
    whole("floats", usage("100.0", "40.0", "140.0"), provider(100, 40));
    whole("exponents", usage("1e2", "4E1", "1.4e2"), provider(100, 40));
    whole("digit strings", usage("\"100\"", "\"40\"", "\"140\""), provider(100, 40));
    whole("an empty object", "{}", COUNTED);
    whole("null", "null", COUNTED);
    whole("negative", "{\"prompt_tokens\":-1,\"completion_tokens\":-7}", COUNTED);
    whole("twenty digits", "{\"prompt_tokens\":12345678901234567890,\"completion_tokens\":12345678901234567890}", COUNTED);
    whole("a fraction", "{\"prompt_tokens\":1.5,\"completion_tokens\":\"many\"}", COUNTED);
    whole("input only", "{\"prompt_tokens\":50}", told(50, "provider", 3, "counted"));
    whole("output only", "{\"completion_tokens\":40}", told(ESTIMATE, "counted", 40, "provider"));
    whole("output by the total", "{\"prompt_tokens\":50,\"total_tokens\":62}", provider(50, 12));
    whole("input by the total", "{\"completion_tokens\":12,\"total_tokens\":62}", provider(50, 12));
    whole("the total alone: the split is ours", "{\"total_tokens\":62}", told(59, "counted", 3, "counted"));
    chat("usage below another member", chatWith("\"x_groq\":{\"id\":\"req\",\"usage\":" + usage("100", "40", "140") + "}"), provider(100, 40));
    chat("an echo in metadata is no usage", chatWith("\"metadata\":{\"usage\":" + usage("1", "1", "2") + "}"), COUNTED);
    chat("NaN in logprobs", chatWith("\"logprobs\":[NaN,-Infinity],\"usage\":" + usage("100", "40", "140")), provider(100, 40));
    chat("a raw control character", chatWith("\"note\":\"a\u0001\tb\",\"usage\":" + usage("100", "40", "140")), provider(100, 40));
    chat("a byte order mark", "\uFEFF" + chatWith("\"usage\":" + usage("100", "40", "140")), provider(100, 40));
    chat("blank lines in front (DeepSeek)", "\n\n \n" + chatWith("\"usage\":" + usage("100", "40", "140")), provider(100, 40));
    chat("an error at status 200", "{\"error\":{\"message\":\"Provider returned error\",\"code\":429}}", NOTHING.ending("failed"));
    chat("an error beside empty choices", "{\"choices\":[],\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}", NOTHING.ending("failed"));
    chat("MiniMax's status code", "{\"choices\":null,\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}}", NOTHING.ending("failed"));
    chat("no body at all", "", NOTHING.ending("failed"));
    chat("tool arguments are output", "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"function\":{\"name\":\"abcd\",\"arguments\":\"" + "a".repeat(36) + "\"}}]}}]}", told(ESTIMATE, "counted", 10, "counted"));
  }

  private void chatStreams() {
    streamed("usage chunk", chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19")), provider(12, 7));
    streamed("choices left out of the usage chunk", chunk("\"usage\":" + usage("12", "7", "19")), provider(12, 7));
    streamed("usage below x_groq, and again", chunk("\"choices\":[],\"x_groq\":{\"usage\":" + usage("17", "1107", "1124") + "},\"usage\":" + usage("17", "1107", "1124")), provider(17, 1107));
    streamed("usage below x_groq only", chunk("\"choices\":[],\"x_groq\":{\"usage\":" + usage("100", "40", "140") + "}"), provider(100, 40));
    streamed("usage inside a choice (Kimi)", chunk("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":" + usage("19", "12", "31") + "}]"), provider(19, 12));
    streamed("usage on the finishing chunk (Mistral)", chunk("\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":" + usage("171", "14", "185")), provider(171, 14));
    streamed("usage null on each chunk", chunk("\"choices\":[],\"usage\":null"), COUNTED);
    String growing = "data: " + chunkOf("Hello ", usage("30", "1", "31")) + "\n\ndata: " + chunkOf("there", usage("30", "9", "39")) + "\n\n";
    chatStream("cumulative on each chunk, the last counts", growing + finish() + "data: [DONE]\n\n", provider(30, 9));
    chatStream("cumulative, and cut before its end", growing, provider(30, 9).ending("failed"));
    chatStream("cumulative, and more text behind the last report", "data: " + chunkOf("Hello ", usage("30", "1", "31")) + "\n\n" + text("there, and more of it"), told(30, "provider", 7, "counted").ending("failed"));
    chatStream("no usage at all", hello() + finish() + "data: [DONE]\n\n", COUNTED);
    chatStream("no [DONE], but a finish", hello() + finish(), COUNTED);
    chatStream("no finish, but [DONE]", hello() + "data: [DONE]\n\n", COUNTED);
    chatStream("ends without an end", hello(), COUNTED.ending("failed"));
    chatStream("no event at all", ": nothing\n\n", NOTHING.ending("failed"));
    chatStream("only an error", "data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n", NOTHING.ending("failed"));
    chatStream("an error event by its name", "event: error\ndata: {\"message\":\"no capacity\"}\n\n", NOTHING.ending("failed"));
    chatStream("an error in the middle", hello() + "data: {\"error\":{\"message\":\"gone\"}}\n\n", COUNTED.ending("failed"));
    chatStream("an event that is no JSON", "data: {\"choices\":[oops\n\n" + chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19")) + "data: [DONE]\n\n", provider(12, 7));
    chatStream("CR LF, comments, ids", (": hi\nid: 1\n" + hello() + finish() + chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19")) + "data: [DONE]\n\n").replace("\n", "\r\n"), provider(12, 7));
  }

  // ── messages ──

  private void messages() {
    add("plain", MESSAGES, false, message("{\"input_tokens\":21,\"output_tokens\":393}"), provider(21, 393));
    add("cache beside the input", MESSAGES, false, message("{\"input_tokens\":21,\"cache_creation_input_tokens\":188086,\"cache_read_input_tokens\":0,\"output_tokens\":393}"), provider(188_107, 393));
    add("cache null", MESSAGES, false, message("{\"input_tokens\":21,\"cache_creation_input_tokens\":null,\"cache_read_input_tokens\":null,\"output_tokens\":3}"), provider(21, 3));
    add("no usage", MESSAGES, false, message("null"), COUNTED);
    add("an error at status 200", MESSAGES, false, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", NOTHING.ending("failed"));
    messageStream("start and delta", "{\"input_tokens\":25,\"output_tokens\":1}", "{\"output_tokens\":15}", provider(25, 15));
    messageStream("Kimi: the start is the total, the delta what was not cached", "{\"input_tokens\":1000,\"output_tokens\":1}", "{\"input_tokens\":100,\"cache_read_input_tokens\":900,\"output_tokens\":40}", provider(1000, 40, 900, 0));
    messageStream("Kimi: with the total beside", "{\"input_tokens\":1000,\"output_tokens\":0}", "{\"input_tokens\":200,\"cache_read_input_tokens\":800,\"prompt_tokens\":1000,\"output_tokens\":40}", provider(1000, 40, 800, 0));
    messageStream("the later word is smaller", "{\"input_tokens\":1500,\"output_tokens\":0}", "{\"input_tokens\":1000,\"output_tokens\":40}", provider(1000, 40));
    messageStream("a bare zero does not erase", "{\"input_tokens\":25,\"cache_read_input_tokens\":75,\"output_tokens\":1}", "{\"input_tokens\":0,\"output_tokens\":15}", provider(100, 15, 75, 0));
    messageStream("late input", "{\"input_tokens\":0,\"output_tokens\":0}", "{\"input_tokens\":33,\"output_tokens\":15}", provider(33, 15));
    messageStream("thinking", "{\"input_tokens\":25,\"output_tokens\":1}", "{\"output_tokens\":150,\"output_tokens_details\":{\"reasoning_tokens\":120}}", provider(25, 150, 0, 120));
    add("cut before its end", MESSAGES, true, messageStart("{\"input_tokens\":25,\"output_tokens\":1}") + messageText(), told(25, "provider", 3, "counted").ending("failed"));
    add("overloaded from the start", MESSAGES, true, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", NOTHING.ending("failed"));
    add("overloaded in the middle", MESSAGES, true, messageStart("{\"input_tokens\":25,\"output_tokens\":1}") + messageText() + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", told(25, "provider", 3, "counted").ending("failed"));
    add("message_stop left out", MESSAGES, true, messageStart("{\"input_tokens\":25,\"output_tokens\":1}") + messageText() + messageDelta("{\"output_tokens\":15}"), provider(25, 15));
  }

  // ── responses ──

  private void responses() {
    String usage = "{\"input_tokens\":37,\"input_tokens_details\":{\"cached_tokens\":5},\"output_tokens\":11,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":48}";
    String output = "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello there\"}]}]";
    add("plain", RESPONSES, false, "{\"object\":\"response\",\"status\":\"completed\",\"error\":null," + output + ",\"usage\":" + usage + "}", provider(37, 11, 5, 2));
    add("no usage", RESPONSES, false, "{\"object\":\"response\",\"error\":null," + output + "}", COUNTED);
    add("failed", RESPONSES, false, "{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"no\"},\"output\":[],\"usage\":null}", NOTHING.ending("failed"));
    add("completed", RESPONSES, true, responseText() + responseEnd("completed", usage), provider(37, 11, 5, 2));
    add("incomplete carries usage", RESPONSES, true, responseText() + responseEnd("incomplete", usage), provider(37, 11, 5, 2));
    add("failed carries usage", RESPONSES, true, responseText() + responseEnd("failed", usage), provider(37, 11, 5, 2).ending("failed"));
    add("failed at once", RESPONSES, true, responseCreated() + "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"no\"},\"usage\":null}}\n\n", NOTHING.ending("failed"));
    add("a flat error event", RESPONSES, true, responseCreated() + "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\",\"param\":null}\n\n", NOTHING.ending("failed"));
    add("cut before its end", RESPONSES, true, responseText(), COUNTED.ending("failed"));
  }

  // ── embeddings, pictures ──

  private void others() {
    String data = "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,-2e-3]}],\"usage\":";
    Truth eight = told(8, "provider", 0, "none");
    add("plain", EMBEDDINGS, false, data + "{\"prompt_tokens\":8,\"total_tokens\":8}}", eight);
    add("the total alone", EMBEDDINGS, false, data + "{\"total_tokens\":8000}}", told(8000, "provider", 0, "none"));
    add("input_tokens", EMBEDDINGS, false, data + "{\"input_tokens\":8}}", eight);
    add("billed units below meta", EMBEDDINGS, false, "{\"embeddings\":[],\"meta\":{\"billed_units\":{\"input_tokens\":8}}}", eight);
    add("no usage", EMBEDDINGS, false, data + "{}}", told(ESTIMATE, "counted", 0, "none"));
    add("tokens", IMAGES, false, "{\"data\":[{\"b64_json\":\"aGk=\"}],\"usage\":{\"input_tokens\":50,\"output_tokens\":1056,\"total_tokens\":1106}}", provider(50, 1056));
    add("none", IMAGES, false, "{\"data\":[{\"url\":\"x\"},{\"url\":\"y\"}]}", NOTHING);
    add("streamed", IMAGES, true, "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"aGk=\"}\n\nevent: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"aGk=\",\"usage\":{\"input_tokens\":50,\"output_tokens\":1056,\"total_tokens\":1106}}\n\n", provider(50, 1056));
  }

  // ── how they are written ──

  private void add(String name, String path, boolean stream, String answer, Truth truth) {
    all.add(new Shape(path + (stream ? " stream: " : ": ") + name, path, stream, answer, truth));
  }

  private void chat(String name, String answer, Truth truth) {
    add(name, CHAT, false, answer, truth);
  }

  private void whole(String name, String usage, Truth truth) {
    chat(name, chatWith("\"usage\":" + usage), truth);
  }

  private void chatStream(String name, String events, Truth truth) {
    add(name, CHAT, true, events, truth);
  }

  private void streamed(String name, String last, Truth truth) {
    chatStream(name, hello() + finish() + last + "data: [DONE]\n\n", truth);
  }

  private void messageStream(String name, String start, String delta, Truth truth) {
    add(name, MESSAGES, true, messageStart(start) + messageText() + messageDelta(delta) + event("message_stop", "{\"type\":\"message_stop\"}"), truth);
  }

  static String usage(String prompt, String completion, String total) {
    return "{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"total_tokens\":%s}".formatted(prompt, completion, total);
  }

  private static String chatWith(String members) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello there\"},\"finish_reason\":\"stop\"}]," + members + "}";
  }

  private static String chunk(String members) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\"," + members + "}\n\n";
  }

  private static String chunkOf(String text, String usage) {
    return "{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}],\"usage\":" + usage + "}";
  }

  private static String text(String text) {
    return chunk("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}],\"usage\":null");
  }

  private static String hello() {
    return text("Hello ") + text("there");
  }

  private static String finish() {
    return chunk("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null");
  }

  private static String message(String usage) {
    return "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hello there\"}],\"stop_reason\":\"end_turn\",\"usage\":" + usage + "}";
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static String messageStart(String usage) {
    return event("message_start", "{\"type\":\"message_start\",\"message\":{\"content\":[],\"stop_reason\":null,\"usage\":" + usage + "}}");
  }

  private static String messageText() {
    return event("content_block_delta", "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello there\"}}");
  }

  private static String messageDelta(String usage) {
    return event("message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":" + usage + "}");
  }

  private static String responseCreated() {
    return event("response.created", "{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"error\":null,\"usage\":null}}");
  }

  private static String responseText() {
    return responseCreated() + event("response.output_text.delta", "{\"type\":\"response.output_text.delta\",\"delta\":\"Hello there\"}");
  }

  private static String responseEnd(String how, String usage) {
    return event("response." + how, "{\"type\":\"response.%s\",\"response\":{\"status\":\"%s\",\"output\":[{\"content\":[{\"text\":\"Hello there\"}]}],\"usage\":%s}}".formatted(how, how, usage));
  }
}
