package dev.gatewright.testbed;

import static dev.gatewright.testbed.UsageShapes.CHAT;
import static dev.gatewright.testbed.UsageShapes.COUNTED;
import static dev.gatewright.testbed.UsageShapes.ESTIMATE;
import static dev.gatewright.testbed.UsageShapes.NOTHING;
import static dev.gatewright.testbed.UsageShapes.provider;
import static dev.gatewright.testbed.UsageShapes.told;
import static dev.gatewright.testbed.UsageWire.chatWith;
import static dev.gatewright.testbed.UsageWire.chunk;
import static dev.gatewright.testbed.UsageWire.chunkOf;
import static dev.gatewright.testbed.UsageWire.finish;
import static dev.gatewright.testbed.UsageWire.hello;
import static dev.gatewright.testbed.UsageWire.text;
import static dev.gatewright.testbed.UsageWire.usage;

import dev.gatewright.testbed.UsageShapes.Shape;
import dev.gatewright.testbed.UsageShapes.Truth;
import java.util.ArrayList;
import java.util.List;

/// How OpenAI's chat dialect says what a call used, at its many speakers.
final class ChatUsageShapes {
  private final List<Shape> all = new ArrayList<>();

  private ChatUsageShapes() {}

  static List<Shape> all() {
    ChatUsageShapes shapes = new ChatUsageShapes();
    shapes.chats();
    shapes.chatStreams();
    return shapes.all;
  }

  private void chats() {
    whole("plain", usage("12", "7", "19"), provider(12, 7));
    whole(
        "cached in details",
        "{\"prompt_tokens\":2006,\"completion_tokens\":300,\"total_tokens\":2306,\"prompt_tokens_details\":{\"cached_tokens\":1920},\"completion_tokens_details\":{\"reasoning_tokens\":128}}",
        provider(2006, 300, 1920, 128));
    whole(
        "reasoning outside, told by the total",
        "{\"prompt_tokens\":12,\"completion_tokens\":2,\"total_tokens\":331,\"completion_tokens_details\":{\"reasoning_tokens\":317}}",
        provider(12, 319, 0, 317));
    whole("only the total shows it", usage("10", "5", "1015"), provider(10, 1005));
    whole(
        "xAI: reasoning outside, cache inside",
        "{\"prompt_tokens\":12,\"completion_tokens\":1,\"total_tokens\":303,\"prompt_tokens_details\":{\"cached_tokens\":11},\"completion_tokens_details\":{\"reasoning_tokens\":290}}",
        provider(12, 291, 11, 290));
    whole(
        "xAI: cache beyond the prompt is outside",
        "{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":90}}",
        provider(100, 5, 90, 0));
    whole(
        "DeepInfra: reasoning beyond the completion is outside",
        "{\"prompt_tokens\":20,\"completion_tokens\":84,\"completion_tokens_details\":{\"reasoning_tokens\":1081}}",
        provider(20, 1165, 0, 1081));
    whole(
        "DeepSeek: hit and miss",
        "{\"prompt_tokens\":339,\"completion_tokens\":83,\"total_tokens\":422,\"prompt_cache_hit_tokens\":320,\"prompt_cache_miss_tokens\":19,\"completion_tokens_details\":{\"reasoning_tokens\":39}}",
        provider(339, 83, 320, 39));
    whole(
        "Kimi: cached at the top",
        "{\"prompt_tokens\":19,\"completion_tokens\":4,\"total_tokens\":23,\"cached_tokens\":12}",
        provider(19, 4, 12, 0));
    whole(
        "Mistral: another spelling of the details",
        "{\"prompt_tokens\":171,\"completion_tokens\":14,\"total_tokens\":185,\"prompt_token_details\":{\"cached_tokens\":128}}",
        provider(171, 14, 128, 0));
    whole(
        "Mistral: num_cached_tokens",
        "{\"prompt_tokens\":171,\"completion_tokens\":14,\"num_cached_tokens\":128}",
        provider(171, 14, 128, 0));
    whole(
        "SGLang: reasoning at the top",
        "{\"prompt_tokens\":20,\"completion_tokens\":30,\"total_tokens\":50,\"reasoning_tokens\":25}",
        provider(20, 30, 0, 25));
    whole(
        "LiteLLM: the cache inside the prompt by Anthropic's names",
        "{\"prompt_tokens\":1000,\"completion_tokens\":40,\"total_tokens\":1040,\"cache_read_input_tokens\":900}",
        provider(1000, 40, 900, 0));
    whole(
        "a face of Claude: the cache outside, told by the total",
        "{\"prompt_tokens\":21,\"completion_tokens\":40,\"total_tokens\":961,\"cache_read_input_tokens\":900}",
        provider(921, 40, 900, 0));
    whole(
        "Cohere: billed units count",
        "{\"billed_units\":{\"input_tokens\":119,\"output_tokens\":44},\"tokens\":{\"input_tokens\":1549,\"output_tokens\":95}}",
        provider(119, 44));
    whole("zero is zero", usage("0", "0", "0"), provider(0, 0));
    whole("floats", usage("100.0", "40.0", "140.0"), provider(100, 40));
    whole("exponents", usage("1e2", "4E1", "1.4e2"), provider(100, 40));
    whole("digit strings", usage("\"100\"", "\"40\"", "\"140\""), provider(100, 40));
    whole("an empty object", "{}", COUNTED);
    whole("null", "null", COUNTED);
    whole("negative", "{\"prompt_tokens\":-1,\"completion_tokens\":-7}", COUNTED);
    whole(
        "twenty digits",
        "{\"prompt_tokens\":12345678901234567890,\"completion_tokens\":12345678901234567890}",
        COUNTED);
    whole("a fraction", "{\"prompt_tokens\":1.5,\"completion_tokens\":\"many\"}", COUNTED);
    whole("input only", "{\"prompt_tokens\":50}", told(50, "provider", 3, "counted"));
    whole("output only", "{\"completion_tokens\":40}", told(ESTIMATE, "counted", 40, "provider"));
    whole("output by the total", "{\"prompt_tokens\":50,\"total_tokens\":62}", provider(50, 12));
    whole("input by the total", "{\"completion_tokens\":12,\"total_tokens\":62}", provider(50, 12));
    whole(
        "the total alone: the split is ours",
        "{\"total_tokens\":62}",
        told(59, "counted", 3, "counted"));
    chat(
        "usage below another member",
        chatWith("\"x_groq\":{\"id\":\"req\",\"usage\":" + usage("100", "40", "140") + "}"),
        provider(100, 40));
    chat(
        "an echo in metadata is no usage",
        chatWith("\"metadata\":{\"usage\":" + usage("1", "1", "2") + "}"),
        COUNTED);
    chat(
        "NaN in logprobs",
        chatWith("\"logprobs\":[NaN,-Infinity],\"usage\":" + usage("100", "40", "140")),
        provider(100, 40));
    chat(
        "a raw control character",
        chatWith("\"note\":\"a\u0001\tb\",\"usage\":" + usage("100", "40", "140")),
        provider(100, 40));
    chat(
        "a byte order mark",
        "\uFEFF" + chatWith("\"usage\":" + usage("100", "40", "140")),
        provider(100, 40));
    chat(
        "blank lines in front (DeepSeek)",
        "\n\n \n" + chatWith("\"usage\":" + usage("100", "40", "140")),
        provider(100, 40));
    chat(
        "an error at status 200",
        "{\"error\":{\"message\":\"Provider returned error\",\"code\":429}}",
        NOTHING.ending("failed"));
    chat(
        "an error beside empty choices",
        "{\"choices\":[],\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}",
        NOTHING.ending("failed"));
    chat(
        "MiniMax's status code",
        "{\"choices\":null,\"base_resp\":{\"status_code\":1002,\"status_msg\":\"rate limit\"}}",
        NOTHING.ending("failed"));
    chat("no body at all", "", NOTHING.ending("failed"));
    chat(
        "tool arguments are output",
        "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"function\":{\"name\":\"abcd\",\"arguments\":\""
            + "a".repeat(36)
            + "\"}}]}}]}",
        told(ESTIMATE, "counted", 10, "counted"));
  }

  private void chatStreams() {
    streamed(
        "usage chunk",
        chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19")),
        provider(12, 7));
    streamed(
        "choices left out of the usage chunk",
        chunk("\"usage\":" + usage("12", "7", "19")),
        provider(12, 7));
    streamed(
        "usage below x_groq, and again",
        chunk(
            "\"choices\":[],\"x_groq\":{\"usage\":"
                + usage("17", "1107", "1124")
                + "},\"usage\":"
                + usage("17", "1107", "1124")),
        provider(17, 1107));
    streamed(
        "usage below x_groq only",
        chunk("\"choices\":[],\"x_groq\":{\"usage\":" + usage("100", "40", "140") + "}"),
        provider(100, 40));
    streamed(
        "usage inside a choice (Kimi)",
        chunk(
            "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\",\"usage\":"
                + usage("19", "12", "31")
                + "}]"),
        provider(19, 12));
    streamed(
        "usage on the finishing chunk (Mistral)",
        chunk(
            "\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":"
                + usage("171", "14", "185")),
        provider(171, 14));
    streamed("usage null on each chunk", chunk("\"choices\":[],\"usage\":null"), COUNTED);
    String growing =
        "data: "
            + chunkOf("Hello ", usage("30", "1", "31"))
            + "\n\ndata: "
            + chunkOf("there", usage("30", "9", "39"))
            + "\n\n";
    chatStream(
        "cumulative on each chunk, the last counts",
        growing + finish() + "data: [DONE]\n\n",
        provider(30, 9));
    chatStream("cumulative, and cut before its end", growing, provider(30, 9).ending("failed"));
    chatStream(
        "cumulative, and more text behind the last report",
        "data: "
            + chunkOf("Hello ", usage("30", "1", "31"))
            + "\n\n"
            + text("there, and more of it"),
        told(30, "provider", 7, "counted").ending("failed"));
    chatStream("no usage at all", hello() + finish() + "data: [DONE]\n\n", COUNTED);
    chatStream("no [DONE], but a finish", hello() + finish(), COUNTED);
    chatStream("no finish, but [DONE]", hello() + "data: [DONE]\n\n", COUNTED);
    chatStream("ends without an end", hello(), COUNTED.ending("failed"));
    chatStream("no event at all", ": nothing\n\n", NOTHING.ending("failed"));
    chatStream(
        "only an error",
        "data: {\"error\":{\"message\":\"overloaded\",\"code\":503}}\n\n",
        NOTHING.ending("failed"));
    chatStream(
        "an error event by its name",
        "event: error\ndata: {\"message\":\"no capacity\"}\n\n",
        NOTHING.ending("failed"));
    chatStream(
        "an error in the middle",
        hello() + "data: {\"error\":{\"message\":\"gone\"}}\n\n",
        COUNTED.ending("failed"));
    chatStream(
        "an event that is no JSON",
        "data: {\"choices\":[oops\n\n"
            + chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19"))
            + "data: [DONE]\n\n",
        provider(12, 7));
    chatStream(
        "CR LF, comments, ids",
        (": hi\nid: 1\n"
                + hello()
                + finish()
                + chunk("\"choices\":[],\"usage\":" + usage("12", "7", "19"))
                + "data: [DONE]\n\n")
            .replace("\n", "\r\n"),
        provider(12, 7));
  }

  private void chat(String name, String answer, Truth truth) {
    add(false, name, answer, truth);
  }

  private void whole(String name, String usage, Truth truth) {
    chat(name, chatWith("\"usage\":" + usage), truth);
  }

  private void chatStream(String name, String events, Truth truth) {
    add(true, name, events, truth);
  }

  private void streamed(String name, String last, Truth truth) {
    chatStream(name, hello() + finish() + last + "data: [DONE]\n\n", truth);
  }

  private void add(boolean stream, String name, String answer, Truth truth) {
    all.add(new Shape(CHAT + (stream ? " stream: " : ": ") + name, CHAT, stream, answer, truth));
  }
}
