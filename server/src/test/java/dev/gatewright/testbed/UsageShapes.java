package dev.gatewright.testbed;

import static dev.gatewright.testbed.UsageWire.event;
import static dev.gatewright.testbed.UsageWire.message;
import static dev.gatewright.testbed.UsageWire.messageDelta;
import static dev.gatewright.testbed.UsageWire.messageStart;
import static dev.gatewright.testbed.UsageWire.messageText;
import static dev.gatewright.testbed.UsageWire.responseCreated;
import static dev.gatewright.testbed.UsageWire.responseEnd;
import static dev.gatewright.testbed.UsageWire.responseText;
import static dev.gatewright.testbed.UsageWire.usage;

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
    shapes.all.addAll(ChatUsageShapes.all());
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

  static final Truth COUNTED = told(ESTIMATE, "counted", 3, "counted");
  static final Truth NOTHING = told(0, "none", 0, "none");

  // ── messages ──

  private void messages() {
    add(
        "plain",
        MESSAGES,
        false,
        message("{\"input_tokens\":21,\"output_tokens\":393}"),
        provider(21, 393));
    add(
        "cache beside the input",
        MESSAGES,
        false,
        message(
            "{\"input_tokens\":21,\"cache_creation_input_tokens\":188086,\"cache_read_input_tokens\":0,\"output_tokens\":393}"),
        provider(188_107, 393));
    add(
        "cache null",
        MESSAGES,
        false,
        message(
            "{\"input_tokens\":21,\"cache_creation_input_tokens\":null,\"cache_read_input_tokens\":null,\"output_tokens\":3}"),
        provider(21, 3));
    add("no usage", MESSAGES, false, message("null"), COUNTED);
    add(
        "an error at status 200",
        MESSAGES,
        false,
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
        NOTHING.ending("failed"));
    messageStream(
        "start and delta",
        "{\"input_tokens\":25,\"output_tokens\":1}",
        "{\"output_tokens\":15}",
        provider(25, 15));
    messageStream(
        "Kimi: the start is the total, the delta what was not cached",
        "{\"input_tokens\":1000,\"output_tokens\":1}",
        "{\"input_tokens\":100,\"cache_read_input_tokens\":900,\"output_tokens\":40}",
        provider(1000, 40, 900, 0));
    messageStream(
        "Kimi: with the total beside",
        "{\"input_tokens\":1000,\"output_tokens\":0}",
        "{\"input_tokens\":200,\"cache_read_input_tokens\":800,\"prompt_tokens\":1000,\"output_tokens\":40}",
        provider(1000, 40, 800, 0));
    messageStream(
        "the later word is smaller",
        "{\"input_tokens\":1500,\"output_tokens\":0}",
        "{\"input_tokens\":1000,\"output_tokens\":40}",
        provider(1000, 40));
    messageStream(
        "a bare zero does not erase",
        "{\"input_tokens\":25,\"cache_read_input_tokens\":75,\"output_tokens\":1}",
        "{\"input_tokens\":0,\"output_tokens\":15}",
        provider(100, 15, 75, 0));
    messageStream(
        "late input",
        "{\"input_tokens\":0,\"output_tokens\":0}",
        "{\"input_tokens\":33,\"output_tokens\":15}",
        provider(33, 15));
    messageStream(
        "thinking",
        "{\"input_tokens\":25,\"output_tokens\":1}",
        "{\"output_tokens\":150,\"output_tokens_details\":{\"reasoning_tokens\":120}}",
        provider(25, 150, 0, 120));
    add(
        "cut before its end",
        MESSAGES,
        true,
        messageStart("{\"input_tokens\":25,\"output_tokens\":1}") + messageText(),
        told(25, "provider", 3, "counted").ending("failed"));
    add(
        "overloaded from the start",
        MESSAGES,
        true,
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        NOTHING.ending("failed"));
    add(
        "overloaded in the middle",
        MESSAGES,
        true,
        messageStart("{\"input_tokens\":25,\"output_tokens\":1}")
            + messageText()
            + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
        told(25, "provider", 3, "counted").ending("failed"));
    add(
        "message_stop left out",
        MESSAGES,
        true,
        messageStart("{\"input_tokens\":25,\"output_tokens\":1}")
            + messageText()
            + messageDelta("{\"output_tokens\":15}"),
        provider(25, 15));
  }

  // ── responses ──

  private void responses() {
    String usage =
        "{\"input_tokens\":37,\"input_tokens_details\":{\"cached_tokens\":5},\"output_tokens\":11,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":48}";
    String output =
        "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello there\"}]}]";
    add(
        "plain",
        RESPONSES,
        false,
        "{\"object\":\"response\",\"status\":\"completed\",\"error\":null,"
            + output
            + ",\"usage\":"
            + usage
            + "}",
        provider(37, 11, 5, 2));
    add(
        "no usage",
        RESPONSES,
        false,
        "{\"object\":\"response\",\"error\":null," + output + "}",
        COUNTED);
    add(
        "failed",
        RESPONSES,
        false,
        "{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"no\"},\"output\":[],\"usage\":null}",
        NOTHING.ending("failed"));
    add(
        "completed",
        RESPONSES,
        true,
        responseText() + responseEnd("completed", usage),
        provider(37, 11, 5, 2));
    add(
        "incomplete carries usage",
        RESPONSES,
        true,
        responseText() + responseEnd("incomplete", usage),
        provider(37, 11, 5, 2));
    add(
        "failed carries usage",
        RESPONSES,
        true,
        responseText() + responseEnd("failed", usage),
        provider(37, 11, 5, 2).ending("failed"));
    add(
        "failed at once",
        RESPONSES,
        true,
        responseCreated()
            + "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\",\"message\":\"no\"},\"usage\":null}}\n\n",
        NOTHING.ending("failed"));
    add(
        "a flat error event",
        RESPONSES,
        true,
        responseCreated()
            + "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"no\",\"param\":null}\n\n",
        NOTHING.ending("failed"));
    add("cut before its end", RESPONSES, true, responseText(), COUNTED.ending("failed"));
  }

  // ── embeddings, pictures ──

  private void others() {
    String data = "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,-2e-3]}],\"usage\":";
    Truth eight = told(8, "provider", 0, "none");
    add("plain", EMBEDDINGS, false, data + "{\"prompt_tokens\":8,\"total_tokens\":8}}", eight);
    add(
        "the total alone",
        EMBEDDINGS,
        false,
        data + "{\"total_tokens\":8000}}",
        told(8000, "provider", 0, "none"));
    add("input_tokens", EMBEDDINGS, false, data + "{\"input_tokens\":8}}", eight);
    add(
        "billed units below meta",
        EMBEDDINGS,
        false,
        "{\"embeddings\":[],\"meta\":{\"billed_units\":{\"input_tokens\":8}}}",
        eight);
    add("no usage", EMBEDDINGS, false, data + "{}}", told(ESTIMATE, "counted", 0, "none"));
    add(
        "tokens",
        IMAGES,
        false,
        "{\"data\":[{\"b64_json\":\"aGk=\"}],\"usage\":{\"input_tokens\":50,\"output_tokens\":1056,\"total_tokens\":1106}}",
        provider(50, 1056));
    add("none", IMAGES, false, "{\"data\":[{\"url\":\"x\"},{\"url\":\"y\"}]}", NOTHING);
    add(
        "streamed",
        IMAGES,
        true,
        "event: image_generation.partial_image\ndata: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"aGk=\"}\n\nevent: image_generation.completed\ndata: {\"type\":\"image_generation.completed\",\"b64_json\":\"aGk=\",\"usage\":{\"input_tokens\":50,\"output_tokens\":1056,\"total_tokens\":1106}}\n\n",
        provider(50, 1056));
  }

  // ── how they are written ──

  private void add(String name, String path, boolean stream, String answer, Truth truth) {
    all.add(new Shape(path + (stream ? " stream: " : ": ") + name, path, stream, answer, truth));
  }

  private void messageStream(String name, String start, String delta, Truth truth) {
    add(
        name,
        MESSAGES,
        true,
        messageStart(start)
            + messageText()
            + messageDelta(delta)
            + event("message_stop", "{\"type\":\"message_stop\"}"),
        truth);
  }
}
